import {
  AbortedGraphQLExecutionError,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  executeRootSelectionSet,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type ValidatedExecutionArgs,
  validateExecutionArgs,
  visit,
} from 'graphql';
import { makeRoom } from '#base/make-room.ts';
import { type Answer, compiled, type Data } from '#graph/execution/compile.ts';
import { isPromise, note, type Request } from '#graph/execution/request.ts';
import { listed, listingFew } from './listed-errors.ts';

type Result = ExecutionResult | Promise<ExecutionResult>;

/**
 * Executes an operation as graphql does, but queries by what was worked out of their document the first time: resolvers,
 * arguments and completions of each field. Mutations and subscriptions, and what is not known here, are graphql's own. No
 * answer lists more errors than accepted.
 */
export function execute(args: ExecutionArgs): Result {
  const checked = validateExecutionArgs(listingFew(args));
  if (!('schema' in checked)) return { errors: checked };
  const answer = checked.operation.operation === OperationTypeNode.QUERY ? answerOf(checked) : null;
  const result = answer ? answeredBy(answer, checked) : executeRootSelectionSet(checked);
  return isPromise(result) ? result.then(listed) : listed(result);
}

/** What is known of a document: which variables decide what is selected, and what was worked out for their values. */
interface Known {
  readonly conditions: readonly string[];
  readonly answers: Map<string, Answer>;
  readonly plain: boolean;
}

/** Each set of values of its conditions is worked out anew; of a document with many, the newest are kept. */
const keptAnswers = 16;

const documents = new WeakMap<DocumentNode, Known>();

/** The answer for a document that is known; null for one with words that only graphql itself knows. */
function answerOf(args: ValidatedExecutionArgs): Answer | null {
  const { document, operation, schema, variableValues, errorPropagation } = args;
  const known = documents.get(document) ?? knownOf(document);
  documents.set(document, known);
  const root = schema.getQueryType();
  if (!known.plain || !root || !errorPropagation) return null;
  const conditions = Object.fromEntries(known.conditions.map((name) => [name, variableValues.coerced[name]]));
  // Null, which a variable with a default may be, is a fault that graphql finds where it meets it.
  if (!Object.values(conditions).every((holds) => typeof holds === 'boolean')) return null;
  const key = `${operation.name?.value ?? ''} ${known.conditions.map((name) => conditions[name]).join(' ')}`;
  const found = known.answers.get(key);
  if (found) return found;
  const grammar = { schema, fragments: args.fragmentDefinitions, conditions };
  const answer = compiled(grammar, root, { sets: [operation.selectionSet], above: [] });
  makeRoom(known.answers, keptAnswers).set(key, answer);
  return answer;
}

function knownOf(document: DocumentNode): Known {
  const conditions = new Set<string>();
  let plain = true;
  visit(document, {
    Directive({ name, arguments: given = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') plain = false;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) conditions.add(value.name.value);
    },
    // A key that no object of ours can have as its own.
    Field({ alias, name }) {
      if ((alias ?? name).value === '__proto__') plain = false;
    },
  });
  return { conditions: [...conditions], answers: new Map(), plain };
}

function answeredBy(answer: Answer, args: ValidatedExecutionArgs): Result {
  const request: Request = { args, errors: [], nulled: new Set(), rights: new Map(), given: new Map() };
  const failed = (thrown: unknown): ExecutionResult => {
    note(request, thrown instanceof GraphQLError ? thrown : new GraphQLError(String(thrown)), undefined);
    return { errors: request.errors, data: null };
  };
  const told = (data: Data): ExecutionResult =>
    request.errors.length > 0 ? { errors: request.errors, data } : { data };
  const { externalAbortSignal: signal, rootValue } = args;
  signal?.throwIfAborted();
  try {
    const data = answer(rootValue, { request, path: undefined, scope: null });
    if (!isPromise(data)) return told(data);
    const result = data.then(told, failed);
    return signal ? endingWith(signal, result) : result;
  } catch (thrown) {
    return failed(thrown);
  }
}

/** The result, unless the signal comes first: then the same error as graphql throws, with what it would have been. */
async function endingWith(signal: AbortSignal, result: Promise<ExecutionResult>): Promise<ExecutionResult> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(new AbortedGraphQLExecutionError(signal.reason, result));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([result, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
