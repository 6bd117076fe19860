import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { TopCode } from '#graph/codes.ts';
import { limits } from '#graph/limits.ts';
import { type Asked, type Measured, measured, tooComplex } from '#graph/limits-faults.ts';
import { variableFaults } from '#graph/limits-variables.ts';
import { withCode } from './masked-errors.ts';
import { openOftenAsked } from './often-asked.ts';
import { idIn, type TrustedDocuments, textOf } from './trusted-documents.ts';

/** An operation as a client asks for it, by text or by the id of a trusted document. */
export interface Operation extends Asked {
  readonly query?: string | null | undefined;
  readonly documentId?: string | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A document ready to run with these variables, or what is wrong with it. A known text is always the same document. */
export type Documents = (operation: Operation) => DocumentNode | readonly GraphQLError[];

/** What documents may be. */
export interface DocumentRules {
  /** Whether the schema may be asked for, and whether faults may suggest names of it. */
  readonly introspection: boolean;
  /** The only documents that run; null lets all run. */
  readonly trusted: TrustedDocuments | null;
}

/** What clients send all day: at about 30 times its text a document of this length takes some 100 KiB. */
const kept = { once: 50, again: 150, characters: 4_000 };

/** A valid document, and how it stands to the limits. */
interface Known {
  readonly document: DocumentNode;
  readonly measured: Measured;
}

/**
 * The one place where documents are read, held against the limits and validated, for HTTP, server-sent events and
 * sockets alike. Each known one is read once: a thousand sockets of one client hold one document instead of a thousand.
 * Only valid ones are kept, and most of the room is for those asked for again, so that neither nonsense nor documents
 * that are asked for once push those out.
 */
export function openDocuments(schema: GraphQLSchema, rules: DocumentRules): Documents {
  const known = openOftenAsked<Known>(kept);
  return (operation) => {
    const text = textOf(operation, rules.trusted);
    if (text === null) return [nothingToRun(operation, rules)];
    const faults = variableFaults(operation.variables);
    if (faults.length > 0) return faults;
    const found = known.find(text);
    return found ? answered(found, operation) : read(text, operation);
  };

  function read(text: string, operation: Operation): ReturnType<Documents> {
    const document = parsed(text);
    if (document instanceof GraphQLError) return [document];
    const fresh = { document, measured: measured(schema, document) };
    const checked = answered(fresh, operation);
    if (!('kind' in checked)) return checked;
    const faults = validated(document);
    if (faults.length > 0) return faults;
    if (text.length <= kept.characters) known.keep(text, fresh);
    return document;
  }

  function validated(document: DocumentNode): readonly GraphQLError[] {
    const options = { maxErrors: limits.faults - 1, hideSuggestions: !rules.introspection };
    const lawful = rules.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
    return withCode(validate(schema, document, lawful, options), 'GRAPHQL_VALIDATION_FAILED');
  }
}

function nothingToRun(operation: Operation, { trusted }: DocumentRules): GraphQLError {
  const id = idIn(operation);
  if (!id && !trusted) return refused('The document is empty.', 'GRAPHQL_PARSE_FAILED');
  const message = id ? 'No document is known by this id.' : 'Only documents that were agreed on may run.';
  return refused(message, 'PERSISTED_QUERY_NOT_FOUND');
}

const refused = (message: string, code: TopCode): GraphQLError => new GraphQLError(message, { extensions: { code } });

function answered({ document, measured }: Known, asked: Asked): ReturnType<Documents> {
  const faults = measured.faults.length > 0 ? measured.faults : measured.faultsOf(asked);
  return faults.length > 0 ? faults : document;
}

function parsed(text: string): DocumentNode | GraphQLError {
  try {
    return parse(text, { maxTokens: limits.tokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) return refused('The document cannot be read.', 'GRAPHQL_PARSE_FAILED');
    if (error.message.includes(`more than ${limits.tokens} tokens`)) return tooComplex(error.message);
    return withCode([error], 'GRAPHQL_PARSE_FAILED')[0] ?? error;
  }
}
