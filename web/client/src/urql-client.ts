import {
  Client,
  cacheExchange,
  fetchExchange,
  makeOperation,
  mapExchange,
  type SubscriptionForwarder,
  stringifyDocument,
  subscriptionExchange,
} from '@urql/core';
import { documentOf } from './ask.ts';
import type { Client as Offprint } from './client.ts';
import { named, type TypedDocument } from './document.ts';
import type { OffprintError } from './failure.ts';

/**
 * A client of urql over the same token, documents and socket. Its document cache forgets what a mutation touched; where
 * that is too coarse, make your own Client with Graphcache and these exchanges.
 */
export const createUrqlClient = (offprint: Offprint): Client =>
  new Client({
    url: offprint.settings.endpoint,
    fetch: offprint.settings.fetch,
    preferGetMethod: false,
    exchanges: [...(offprint.settings.trustedDocuments ? [byId] : []), cacheExchange, fetchExchange, sockets(offprint)],
  });

/** Documents of ours go by their ids; others go by their text, which an API with TRUSTED_DOCUMENTS refuses. */
const byId = mapExchange({
  onOperation(operation) {
    const document = documentOf(operation.query);
    const { extensions } = document ? named(document, true) : {};
    return extensions ? makeOperation(operation.kind, { ...operation, extensions }, operation.context) : operation;
  },
});

const sockets = (offprint: Offprint) => subscriptionExchange({ forwardSubscription: forwardedTo(offprint) });

/** Subscriptions go by the client's own socket, and so resume after a broken connection. */
const forwardedTo =
  (offprint: Offprint): SubscriptionForwarder =>
  ({ variables = {}, extensions }, { query }) => ({
    subscribe(observer) {
      const leaving = new AbortController();
      const text = stringifyDocument(query);
      const hash = extensions?.persistedQuery?.sha256Hash;
      const document: TypedDocument<object, object> = { toString: () => text, ...(hash && { __meta__: { hash } }) };
      void forward().catch((error: unknown) => {
        if (!leaving.signal.aborted) observer.error(error);
      });
      return { unsubscribe: () => leaving.abort() };

      async function forward(): Promise<void> {
        let errors: OffprintError['errors'] | undefined;
        const onPartial = (failure: OffprintError): void => void (errors = failure.errors);
        for await (const data of offprint.subscribe(document, variables, { signal: leaving.signal, onPartial })) {
          observer.next({ data, ...(errors && { errors: [...errors] }) });
          // Where an event has no list of errors, urql keeps those of the one before it.
          errors &&= [];
        }
        observer.complete();
      }
    },
  });
