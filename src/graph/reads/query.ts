/** What rows must fulfil. */
export type Condition = Readonly<Record<string, unknown>>;

/** What the typed client is asked for, as far as reads of ours know it: one table, and what is selected below. */
export interface Query {
  readonly select?: Readonly<Record<string, unknown>>;
  readonly where?: Condition;
  readonly orderBy?: unknown;
  readonly take?: number;
  readonly skip?: number;
  readonly cursor?: Readonly<Record<string, unknown>>;
}

/** Thrown inside for a query that a flat read does not know; the typed client reads it instead. */
export class Unknown extends Error {}

export function unknown(what: string): never {
  throw new Unknown(what);
}

const known = new Set(['select', 'where', 'orderBy', 'take', 'skip', 'cursor']);

/** A part of a query, taken apart; what has words that we do not know is refused. */
export function queryOf(given: unknown): Query {
  if (given === true || given === undefined) return {};
  const query = objectOf(given);
  for (const word in query) if (query[word] !== undefined && !known.has(word)) unknown(word);
  return query;
}

/** A plain object; anything else is not known here. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) unknown('no object');
  // Checked by the line above: a record of unknown values.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as Readonly<Record<string, unknown>>;
}
