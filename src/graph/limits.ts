/**
 * How much one request may ask for, the same over HTTP, server-sent events and sockets. Lists count as many times what is
 * selected of an item as they have items; fields of fragments count wherever those are spread.
 */
export const limits = {
  /** Lexical tokens of a document. */
  tokens: 2_000,
  /** Operations in one document. */
  operations: 10,
  /** Levels of fields. */
  depth: 12,
  /** Levels below `__schema` and `__type`; the document of GraphiQL has 15. */
  introspectionDepth: 20,
  aliases: 30,
  directives: 20,
  /**
   * Fragments spread, and fields under a name that is taken already, such as the `id` of each of several fragments. The
   * rule that looks for conflicts compares every two of them: 2,000 tokens of `id id id …` or of spreads took it one to
   * three seconds, in which nobody else is answered; these many take it 50 ms at most.
   */
  spreads: 60,
  repeats: 100,
  /** Fields of the operation itself, such as mutations one after another. */
  rootFields: 20,
  /** Objects: those of a list as often as it has items. Values come with their object. */
  cost: 5_000,
  /** Items of a page. */
  page: 100,
  /** Faults that one answer lists. */
  faults: 5,
  /** Values inside the variables; the longest input, a tracking of 2,400 sightings, has 14,400. */
  variableValues: 20_000,
  /** Levels of the variables. */
  variableDepth: 12,
} as const;

/** Items of a page when nobody says how many. */
export const defaultPage = 20;
