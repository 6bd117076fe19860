import { createRequest, type RequestPolicy, type TypedDocumentNode } from '@urql/core';
import type { TypedDocument } from './document.ts';

/** How a hook asks. */
export interface Asking {
  /** True keeps it from asking. */
  readonly pause?: boolean;
  readonly requestPolicy?: RequestPolicy;
}

/** A document as urql holds it. */
type Query = TypedDocumentNode<unknown, Record<string, unknown>>;

const queries = new WeakMap<object, Query>();
const ours = new WeakMap<object, TypedDocument<unknown, never>>();

/** A document of ours as urql takes it; each is read once. */
export function asQuery<Result, Variables>(
  document: TypedDocument<Result, Variables>,
): TypedDocumentNode<Result, Variables & Record<string, unknown>>;
export function asQuery(document: TypedDocument<unknown, never>): Query {
  const query = queries.get(document) ?? createRequest<unknown, Record<string, unknown>>(String(document), {}).query;
  queries.set(document, query);
  ours.set(query, document);
  return query;
}

/** The document that urql's one was made of, if it is one of ours. */
export const documentOf = (query: object): TypedDocument<unknown, never> | undefined => ours.get(query);
