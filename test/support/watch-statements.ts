import { vi } from 'vitest';
import type { Database } from '#base/database.ts';

/** A spy that is called with every statement that any connection of the database's pool sends from now on. */
export function watchStatements({ pool }: Pick<Database, 'pool'>) {
  const statements = vi.fn<(statement: unknown) => void>();
  const watched = new WeakSet();
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    const send: (...args: unknown[]) => unknown = client.query.bind(client);
    Object.assign(client, {
      query: (...args: unknown[]) => {
        statements(args[0]);
        return send(...args);
      },
    });
  });
  return statements;
}
