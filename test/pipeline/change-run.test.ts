import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { changeRun } from '#pipeline/change-run.ts';
import { eventsWithin } from '#pipeline/events.ts';
import { openTestDatabase } from '../support/database.ts';
import { openDrivenRun } from '../support/driven-run.ts';
import { seedTenant, type Tenant } from '../support/seed.ts';

let database: Database;
let tenant: Tenant;

beforeAll(async () => {
  database = await openTestDatabase();
  tenant = await seedTenant(database, 'ada');
});
afterAll(() => database[Symbol.asyncDispose]());

const log = (runId: string) => eventsWithin(database.prisma, runId, { limit: 100 });
const deaf = { wake: () => {} };

test('a change that is made twice, because its first answer was lost, is told once', async () => {
  await using run = await openDrivenRun(database, tenant);
  await run.begin();
  await run.tell(30);
  const before = await log(run.runId);
  await run.tell(30);
  expect(await log(run.runId)).toEqual(before);
});

test('a change that fails tells nothing, changes nothing and wakes nobody', async () => {
  await using run = await openDrivenRun(database, tenant);
  const before = await log(run.runId);
  const woken: string[] = [];
  const change = changeRun(
    { database, wake: (id) => woken.push(id) },
    { runId: run.runId, cause: 'x' },
    async (made) => {
      await made.tx.run.update({ where: { id: run.runId }, data: { progress: 0.5 } });
      made.emit({
        dedupeKey: 'x',
        data: { kind: 'RUN_STATUS', runStatus: 'RUNNING', isFinal: false, failure: null },
      });
      throw new Error('the body failed');
    },
  );
  await expect(change).rejects.toThrow('the body failed');
  expect(await log(run.runId)).toEqual(before);
  expect(woken).toEqual([]);
});

test('numbers have no gap, also after changes that were rolled back', async () => {
  await using run = await openDrivenRun(database, tenant);
  await run.begin();
  const failing = changeRun({ database, ...deaf }, { runId: run.runId, cause: 'x' }, async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await run.tell(10);
  const numbers = (await log(run.runId)).map(({ sequence }) => sequence);
  expect(numbers).toEqual(numbers.map((_, at) => at + 1));
});

test('progress never falls, whatever a stage says', async () => {
  await using run = await openDrivenRun(database, tenant);
  await run.begin();
  await run.tell(80);
  await run.tell(20);
  const { progress } = await database.prisma.run.findUniqueOrThrow({ where: { id: run.runId } });
  expect(progress).toBeCloseTo(0.8);
  const told = (await log(run.runId)).flatMap(({ data }) => (data.kind === 'STAGE_PROGRESS' ? [data.runProgress] : []));
  expect(told).toEqual([0.8, 0.8]);
});

test('a run that has ended stays as it ended', async () => {
  await using run = await openDrivenRun(database, tenant);
  await run.begin();
  await run.finish();
  const before = await log(run.runId);
  await run.tell(99);
  expect(await log(run.runId)).toEqual(before);
});

test('a run that is gone has nothing to change', async () => {
  const made = await changeRun({ database, ...deaf }, { runId: crypto.randomUUID(), cause: 'x' }, async () => 'made');
  expect(made).toBeNull();
});
