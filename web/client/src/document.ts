/** A document with the types of what it takes and gives, as `npm run codegen` writes them (`documentMode: 'string'`). */
export interface TypedDocument<Result, Variables> {
  toString(): string;
  readonly __apiType?: (variables: Variables) => Result;
  /** `hash` is its id in persisted-documents.json. */
  readonly __meta__?: Readonly<Record<string, unknown>> | undefined;
}

/** How a document is named in a request: by its text, or by its id. */
export interface Named {
  readonly query: string;
  readonly extensions?: { readonly persistedQuery: { readonly version: 1; readonly sha256Hash: string } };
}

/**
 * The document in the words of a request. By id where `byId` says so and it has one: an API with TRUSTED_DOCUMENTS takes
 * nothing else. The same words go over HTTP and sockets; a socket's `query` has to be a text, so it is empty then.
 */
export function named(document: TypedDocument<unknown, never>, byId: boolean): Named {
  const hash = document.__meta__?.hash;
  if (!byId || typeof hash !== 'string') return { query: String(document) };
  return { query: '', extensions: { persistedQuery: { version: 1, sha256Hash: hash.replace(/^sha256:/, '') } } };
}
