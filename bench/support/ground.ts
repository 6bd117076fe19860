import { chmod } from 'node:fs/promises';
import { openLog } from '#base/log.ts';
import { openFolder } from '#base/temp.ts';
import { migrate } from '#embedded/migrations.ts';
import { openPostgres } from '#embedded/postgres.ts';

/** A migrated database in a cluster and a home of the bench's own; both are gone at the end of its scope. */
export interface Ground extends AsyncDisposable {
  readonly url: string;
  readonly home: string;
}

/** Opens the ground of one bench. Commits are durable, as in the product, unless `settings` of PostgreSQL say otherwise. */
export async function openGround(settings: readonly string[] = []): Promise<Ground> {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await openFolder());
  // Open to walk through, so that root's database can live in it.
  await chmod(home.path, 0o711);
  const log = openLog('error');
  const postgres = stack.use(await openPostgres({ home: home.path, DATABASE_URL: undefined }, log, settings));
  await migrate(postgres.url, log);
  const kept = stack.move();
  for (const told of ['SIGINT', 'SIGTERM'] as const)
    process.once(told, () => void kept.disposeAsync().finally(() => process.exit(130)));
  return { url: postgres.url, home: home.path, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
