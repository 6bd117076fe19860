/** What the schema says of the pieces that every connection and node shares. */
export const relayWords = {
  nodeTypeOptions: { description: 'Anything that can be refetched by its global id.' },
  idFieldOptions: { description: 'Globally unique, opaque.' },
  pageInfoTypeOptions: { description: 'Cursor pagination state.' },
  pageInfoFieldOptions: { description: 'Where the page stands.' },
  hasNextPageFieldOptions: { description: 'Whether more come after the page.' },
  hasPreviousPageFieldOptions: { description: 'Whether more come before the page.' },
  startCursorFieldOptions: { description: 'Cursor of the first one; null for an empty page.' },
  endCursorFieldOptions: { description: 'Cursor of the last one; null for an empty page.' },
  cursorFieldOptions: { description: 'Its place, for `after` and `before`.' },
  firstArgOptions: { description: 'At most this many from the start, 20 unless said, at most 100.' },
  lastArgOptions: { description: 'At most this many from the end, at most 100.' },
  afterArgOptions: { description: 'Only those behind this cursor.' },
  beforeArgOptions: { description: 'Only those ahead of this cursor.' },
} as const;
