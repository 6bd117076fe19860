import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type House, openHouse } from './support/house.ts';
import { heldFfmpeg } from './support/odd-ffmpeg.ts';
import { printed } from './support/processes.ts';
import { eventsOf, gapless, numbersOf, stageLines, untilQueueIsBare } from './support/run-rows.ts';
import { spawnWorker } from './support/spawned-worker.ts';
import { shortClip, startTalk } from './support/talk-run.ts';

/** Two processes of Node and an encode, on a machine that does other things as well. */
const long = 180_000;
const patient = { timeout: 60_000, interval: 100 };

async function openPlace(): Promise<House> {
  const house = await openHouse({ worker: false, env: { WORKER_SILENT_MS: '3000' } });
  onTestFinished(() => house[Symbol.asyncDispose]());
  return house;
}

/** Every row of every table but the workers' own, and every stored object with its hash. */
async function everythingOf(house: House): Promise<Record<string, unknown>> {
  const { rows: tables } = await house.database.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_name <> 'workers'`,
  );
  const all: Record<string, unknown> = {};
  for (const { name } of tables) {
    const { rows } = await house.database.pool.query<{ row: string }>(
      `select to_jsonb(t)::text as row from public."${name}" t order by 1`,
    );
    all[name] = rows.map(({ row }) => row);
  }
  const storage = path.join(house.home, 'storage');
  for (const name of await readdir(storage, { recursive: true })) {
    const file = path.join(storage, name);
    if (!(await stat(file)).isFile()) continue;
    all[name] = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  }
  return all;
}

test('a worker that wakes after its stage was finished elsewhere changes nothing at all', {
  timeout: long,
}, async () => {
  const house = await openPlace();
  const FFMPEG_PATH = await heldFfmpeg(path.join(house.home, 'ffmpeg'), '-c:a aac');
  await writeFile(`${FFMPEG_PATH}.hold`, '');
  await using zombie = await spawnWorker(house, { FFMPEG_PATH, WORKER_SILENT_MS: '3000' });
  const run = await startTalk(house, shortClip('AUDIO_ONLY'));
  await vi.waitFor(() => expect(existsSync(`${FFMPEG_PATH}.held`)).toBe(true), patient);
  zombie.process.kill('SIGSTOP');

  await using _living = await house.startWorker();
  const seen = await house.follow(run.runId);
  expect(seen.at(-1)).toMatchObject({ runStatus: 'SUCCEEDED', isFinal: true });
  await untilQueueIsBare(house.database);
  const before = await everythingOf(house);

  const woken = printed(zombie.process, 'nothing written');
  await rm(`${FFMPEG_PATH}.hold`);
  zombie.process.kill('SIGCONT');
  await woken;
  expect(await zombie.end('SIGTERM')).toBe(0);
  expect(await everythingOf(house)).toEqual(before);
  const events = await eventsOf(house.database, run.id);
  expect(stageLines(events).filter((line) => line.startsWith('cut'))).toEqual([
    'cut QUEUED 0',
    'cut RUNNING 1',
    'cut QUEUED 1',
    'cut RUNNING 2',
    'cut SUCCEEDED 2',
  ]);
  expect(numbersOf(events)).toEqual(gapless(events));
});

test('a worker that is killed between a job and its lease loses neither the job nor an attempt', {
  timeout: long,
}, async () => {
  const house = await openPlace();
  const held = new Client(house.database.url);
  await held.connect();
  onTestFinished(() => held.end());
  const run = await startTalk(house, { transcript: true });
  await held.query('begin');
  await held.query('select 1 from runs where id = $1 for update', [run.id]);
  await using worker = await spawnWorker(house, { WORKER_SILENT_MS: '3000' });
  const holders = async () => {
    const { rows } = await house.database.pool.query<{ holder: string | null }>(
      'select locked_by as holder from graphile_worker.jobs',
    );
    return rows;
  };
  await vi.waitFor(async () => expect(await holders()).toEqual([{ holder: expect.any(String) }]), patient);
  expect(await worker.end('SIGKILL')).toBe('SIGKILL');
  await held.query('rollback');

  await using _living = await house.startWorker();
  await house.follow(run.runId);
  const events = await eventsOf(house.database, run.id);
  const ofIngest = stageLines(events).filter((line) => line.startsWith('ingest'));
  expect(ofIngest).toEqual(['ingest QUEUED 0', 'ingest RUNNING 1', 'ingest SUCCEEDED 1']);
  await untilQueueIsBare(house.database);
  const workers = await house.database.prisma.worker.findMany();
  expect(workers, 'the dead one is buried').toHaveLength(1);
});

test('a worker that starts when all others are long dead takes their work up before a silence of its own is over', async () => {
  const house = await openHouse({ worker: false, env: { WORKER_SILENT_MS: '40000' } });
  onTestFinished(() => house[Symbol.asyncDispose]());
  const run = await startTalk(house, { transcript: true });
  await house.database.pool.query(`
    insert into workers (id, queue_ids, facts, heartbeat_at) values ('dead', '{gone}', '{}', now() - interval '2 minutes')`);
  await house.database.pool.query(`
    update stage_runs set status = 'RUNNING', attempt = 1, attempt_token = gen_random_uuid(), worker_id = 'dead',
      heartbeat_at = now() - interval '2 minutes'`);
  await house.database.pool.query(`
    update graphile_worker._private_jobs set locked_by = 'gone', locked_at = now() - interval '2 minutes', attempts = 1`);

  await using _living = await house.startWorker();
  const lines = async () => stageLines(await eventsOf(house.database, run.id));
  await vi.waitFor(async () => expect(await lines()).toContain('ingest RUNNING 2'), { timeout: 35_000, interval: 200 });
});
