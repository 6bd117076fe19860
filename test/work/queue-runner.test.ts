import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { openQueueRunner, type QueueRunner } from '#work/queue-runner.ts';
import { openTestDatabase } from '../support/database.ts';
import { type Line, openLine } from '../support/line.ts';

const said: string[] = [];
const log = openLog('warn', { write: (line) => said.push(line) });
const patient = { timeout: 20_000, interval: 50 };

describe('a runner of the queue', () => {
  let direct: Database;
  let line: Line;
  let database: Database;
  let runner: QueueRunner;
  const began: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();

  beforeAll(async () => {
    direct = await openTestDatabase();
    line = await openLine(direct.url);
    database = openDatabase(line.url, log);
    const taskList = {
      job: async (payload: unknown) => {
        const name = String(payload);
        began.push(name);
        await gateOf(name).promise;
      },
    };
    runner = await openQueueRunner(database.pool, { name: 'test', slots: 2, taskList, crontab: '' }, log);
  });
  afterAll(async () => {
    for (const gate of gates.values()) gate.resolve();
    await runner.stop();
    await database[Symbol.asyncDispose]();
    await line[Symbol.asyncDispose]();
    await direct[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    began.splice(0);
    gates.clear();
  });

  function gateOf(name: string): PromiseWithResolvers<void> {
    const gate = gates.get(name) ?? Promise.withResolvers<void>();
    gates.set(name, gate);
    return gate;
  }
  const add = (name: string) => direct.pool.query(`select graphile_worker.add_job('job', to_json($1::text))`, [name]);
  const jobs = async () => {
    const { rows } = await direct.pool.query<{ payload: string; holder: string | null }>(
      'select payload, locked_by as holder from graphile_worker._private_jobs order by id',
    );
    return rows;
  };
  const untilBegan = (...names: string[]) => vi.waitFor(() => expect(began).toEqual(names), patient);

  test('says under which names it holds jobs', async () => {
    await add('a');
    await untilBegan('a');
    expect([...runner.poolIds]).toEqual((await jobs()).map(({ holder }) => holder));
    gateOf('a').resolve();
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), patient);
  });

  test('takes jobs again when the database was away and is back', async () => {
    await line.cut();
    await add('b');
    await line.mend();
    gateOf('b').resolve();
    await untilBegan('b');
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), patient);
  });

  test('is replaced at once when it could not tell the end of a job, while its other job goes on', async () => {
    await Promise.all([add('short'), add('long')]);
    await vi.waitFor(() => expect(began.toSorted()).toEqual(['long', 'short']), patient);
    const [first] = runner.poolIds;
    await line.cut();
    gateOf('short').resolve();
    await vi.waitFor(() => expect(said.join('')).toContain('gave up'), patient);
    await line.mend();
    await vi.waitFor(() => expect([...runner.poolIds]).toEqual([first, expect.any(String)]), patient);

    gateOf('next').resolve();
    await add('next');
    await vi.waitFor(() => expect(began).toContain('next'), patient);
    gateOf('long').resolve();
    await vi.waitFor(() => expect([...runner.poolIds]).not.toContain(first), patient);
    await vi.waitFor(async () => {
      expect(await jobs(), 'what it could not tell is freed with the names that nobody has').toEqual([
        { payload: 'short', holder: first },
      ]);
    }, patient);
    await direct.pool.query('delete from graphile_worker._private_jobs');
  });
});
