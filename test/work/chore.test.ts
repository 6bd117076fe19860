import { afterAll, beforeAll, expect, test } from 'vitest';
import { correlation, withCorrelation } from '#base/log.ts';
import { addChore, type Chore, runChore } from '#work/chore.ts';
import { openTestRunner, type TestRunner } from '../support/stage-runner.ts';

let ground: TestRunner;
const ids: (string | undefined)[] = [];

/** Notes its id, and asks for itself once more where it is told to. */
const noting: Chore = {
  name: 'noting',
  run: async ({ database }, payload) => {
    ids.push(correlation()?.correlationId);
    if (typeof payload === 'object' && payload !== null && 'again' in payload) await ask('second', {}, database.prisma);
  },
};

beforeAll(async () => {
  ground = await openTestRunner();
});
afterAll(() => ground[Symbol.asyncDispose]());

const ask = (key: string, payload: object, tx = ground.database.prisma) =>
  addChore(tx, { name: noting.name, payload, key });

/** Does the job that waits under this key, as the queue would. */
async function work(key: string): Promise<void> {
  const { rows } = await ground.database.pool.query<{ payload: unknown }>(
    'select payload from graphile_worker._private_jobs where key = $1',
    [key],
  );
  const job = { payload: rows[0]?.payload, signal: new AbortController().signal };
  await runChore(ground.runner.worker, noting, job);
}

test('a chore has the id of the request that asked for it, and so has what it asks for itself', async () => {
  ids.length = 0;
  await withCorrelation({ correlationId: 'the-request' }, () => ask('first', { again: true }));
  await work('first');
  await work('second');
  expect(ids).toEqual(['the-request', 'the-request']);
});

test('a chore that nobody asked for has an id of its own, another one each time', async () => {
  ids.length = 0;
  await ask('alone', {});
  await work('alone');
  await work('alone');
  expect(ids).toEqual([expect.stringMatching(/^[\w-]{36}$/), expect.stringMatching(/^[\w-]{36}$/)]);
  expect(ids[0]).not.toBe(ids[1]);
});
