import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { openServer } from '#server.ts';
import { openTestDatabase } from './support/database.ts';
import { openHome } from './support/home.ts';

test('whoever asks while the API still opens is answered at once, and told when it is ready', async () => {
  await using database = await openTestDatabase();
  await using home = await openHome();
  const port = await freePort();
  const env = envFrom({
    NODE_ENV: 'test',
    PORT: String(port),
    DATABASE_URL: database.url,
    OFFPRINT_HOME: home.path,
  });
  const opening = openServer({ env, log: openLog('silent') });
  const answers = await untilReady(`http://127.0.0.1:${port}/readyz`);
  await using _server = await opening;
  expect(answers.filter((status) => status !== 503)).toEqual([200]);
  expect(answers.length).toBeGreaterThan(1);
});

/** Asks one after the other, and gives up on a question that is not answered within two seconds. */
async function untilReady(url: string): Promise<number[]> {
  const answers: number[] = [];
  while (answers.at(-1) !== 200) {
    const status = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.status,
      (error: unknown) => {
        // Nobody listens yet.
        if (error instanceof TypeError) return null;
        throw error;
      },
    );
    if (status !== null) answers.push(status);
  }
  return answers;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new TypeError('a TCP server has a port');
  return address.port;
}
