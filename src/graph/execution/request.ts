import type { GraphQLError, GraphQLResolveInfo, ValidatedExecutionArgs } from 'graphql';

/** Where in an answer something stands. */
export type Path = GraphQLResolveInfo['path'];

/** One operation being answered: what it was given, and what went wrong so far. */
export interface Request {
  readonly args: ValidatedExecutionArgs;
  readonly errors: GraphQLError[];
  /** Places that are null because of an error: what goes wrong below them later is not told. */
  readonly nulled: Set<Path | undefined>;
  /** Rights that were found to be there: of which kind, and for what. */
  readonly rights: Map<string, Set<string>>;
  /** Arguments of fields that depend on variables, worked out once for all rows. */
  readonly given: Map<object, Readonly<Record<string, unknown>>>;
}

/** What the plan of the data model has read for the fields below a place; null where no plan is known. */
export type Scope = Readonly<Record<string, { readonly nested: Scope } | undefined>> | null;

/** A place of an answer that is being completed. */
export interface At {
  readonly request: Request;
  readonly path: Path | undefined;
  scope: Scope;
}

/** Notes an error of a place that may be null. */
export function note({ errors, nulled }: Request, error: GraphQLError, path: Path | undefined): void {
  for (let above = path; above !== undefined; above = above.prev) if (nulled.has(above)) return;
  if (nulled.has(undefined)) return;
  nulled.add(path);
  errors.push(error);
}

/** The keys of a path from the root. */
export function keysOf(path: Path | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at = path; at !== undefined; at = at.prev) keys.push(at.key);
  return keys.reverse();
}

/** An object, whose properties may be asked for. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
