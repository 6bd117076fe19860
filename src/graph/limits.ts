import { keysOf, recordOf } from '#base/record.ts';

/**
 * How much one request may ask for, the same over HTTP, server-sent events and sockets. Fields of fragments count wherever
 * those are spread.
 */
export const limitTable = {
  tokens: { most: 2_000, about: 'Lexical tokens of a document.' },
  operations: { most: 10, about: 'Operations in one document.' },
  depth: { most: 12, about: 'Levels of fields.' },
  introspectionDepth: { most: 20, about: 'Levels below `__schema` and `__type`; what GraphiQL asks for has 15.' },
  cost: {
    most: 5_000,
    about:
      'Objects: those of a page as often as it is long, those of a list without a page as often as is usual for it.',
  },
  aliases: { most: 30, about: 'Other names for fields.' },
  directives: { most: 20, about: 'Directives, known or not.' },
  rootFields: { most: 20, about: 'Fields of the operation itself, such as mutations one after another.' },
  // The rule that looks for conflicts compares every two of the following: 2,000 tokens of `id id id …` or of spreads kept
  // it busy for one to three seconds, in which nobody else is answered; these many a fraction of it.
  spreads: { most: 60, about: 'Fragments spread.' },
  repeats: {
    most: 100,
    about: 'Fields under a name that is taken already, such as the `id` of each of several fragments.',
  },
  page: { most: 100, about: 'Items of a page; more, or fewer than none, is BAD_USER_INPUT.' },
  faults: { most: 5, about: 'Faults of the document, and of its variables, that one answer lists.' },
  // As many as fields at the root: each of them can fail and be told.
  errors: { most: 20, about: 'Errors beside the data that one answer lists; the last says how many more there were.' },
  variableDepth: { most: 12, about: 'Levels of the variables.' },
  variableValues: {
    most: 20_000,
    about: 'Values inside the variables; the longest input, a tracking of 2,400 sightings, has 14,400.',
  },
} as const;

/** Names of limits. */
export type LimitName = keyof typeof limitTable;

/** The figures alone. */
export const limits = recordOf(keysOf(limitTable), (name): number => limitTable[name].most);

/** Items of a page when nobody says how many. */
export const defaultPage = 20;
