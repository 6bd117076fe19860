import { createContext, createElement, type ReactElement, type ReactNode, useContext, useMemo } from 'react';
import { Provider } from 'urql';
import type { Client } from './client.ts';
import { OffprintError } from './failure.ts';
import { createUrqlClient } from './urql-client.ts';

const Offprint = createContext<Client | null>(null);

/** Gives the hooks below it a client, and urql's own hooks one over it. */
export function OffprintProvider({ client, children }: { client: Client; children?: ReactNode }): ReactElement {
  const urql = useMemo(() => createUrqlClient(client), [client]);
  return createElement(Offprint, { value: client }, createElement(Provider, { value: urql }, children));
}

/** The client of the provider above, for uploads and for what hooks are not for. Throws OffprintError without one. */
export function useOffprint(): Client {
  const client = useContext(Offprint);
  if (client) return client;
  throw new OffprintError('BAD_USER_INPUT', { message: 'There is no OffprintProvider above.' });
}
