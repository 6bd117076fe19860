import { openDevelopmentKeys } from '#embedded/development-keys.ts';
import { type Ground, runProcess } from '#process.ts';
import { openServer } from './server.ts';
import { openWorker } from './worker.ts';

/** API and worker in one process: everything one machine needs. */
async function openBoth({ env, log }: Ground): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await openServer({ env, log }));
  stack.use(await openWorker({ env: { ...env, STORAGE_URL: env.STORAGE_URL ?? server.url }, log }));
  if (!env.production) await greet({ env, log }, server.url);
  return stack.move();
}

async function greet({ env }: Ground, url: string): Promise<void> {
  console.log(`\nOffprint is up.\n\n  GraphiQL   ${env.PUBLIC_URL ?? url}/graphql`);
  if (env.clerk) return;
  const keys = await openDevelopmentKeys(env);
  const token = await keys.mint({ user: 'me', workspace: 'demo', ttlSeconds: 12 * 3600 });
  console.log(`  Headers    {"Authorization": "Bearer ${token}"}\n`);
  console.log('The token speaks for user "me" in workspace "demo" for twelve hours. Stop with Ctrl+C.\n');
}

await runProcess(openBoth);
