import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openHouse } from './support/house.ts';
import { heldFfmpeg } from './support/odd-ffmpeg.ts';
import { openOpenaiServer } from './support/openai-server.ts';
import { processesNaming } from './support/processes.ts';
import { eventsOf, openJobs, stageLines } from './support/run-rows.ts';
import { spawnWorker } from './support/spawned-worker.ts';
import { startRecording, startTalk } from './support/talk-run.ts';

/** Processes of Node one after the other, on a machine that does other things as well. */
const long = 180_000;
const patient = { timeout: 60_000, interval: 100 };

test('a worker that is told to stop hands back a deaf encoder and a silent provider within ten seconds', {
  timeout: long,
}, async () => {
  await using openai = await openOpenaiServer();
  const house = await openHouse({
    worker: false,
    // Nobody waits for a lease to expire: it would take longer than this test.
    env: {
      SPEECH_TO_TEXT: 'openai',
      OPENAI_API_KEY: openai.apiKey,
      OPENAI_BASE_URL: openai.baseURL,
      WORKER_SILENT_MS: '600000',
    },
  });
  onTestFinished(() => house[Symbol.asyncDispose]());
  const { prisma } = house.database;
  const FFMPEG_PATH = await heldFfmpeg(path.join(house.home, 'ffmpeg'), ' -i ');
  openai.script('hang');
  const arrival = openai.arrival();
  await using worker = await spawnWorker(house, {
    FFMPEG_PATH,
    SPEECH_TO_TEXT: 'openai',
    OPENAI_API_KEY: openai.apiKey,
    OPENAI_BASE_URL: openai.baseURL,
  });
  const heard = await startRecording(house, { transcript: true });
  await arrival;
  await writeFile(`${FFMPEG_PATH}.hold`, '');
  const read = await startTalk(house, { transcript: true });
  await vi.waitFor(() => expect(existsSync(`${FFMPEG_PATH}.held`)).toBe(true), patient);

  const toldAt = performance.now();
  expect(await worker.end('SIGTERM')).toBe(0);
  expect(performance.now() - toldAt).toBeLessThan(10_000);
  const open = await prisma.stageRun.findMany({ where: { status: { not: 'SUCCEEDED' } }, orderBy: { stage: 'asc' } });
  expect(open).toMatchObject([
    { stage: 'ingest', status: 'QUEUED', attempt: 0, workerId: null, runId: read.id },
    { stage: 'transcribe', status: 'QUEUED', attempt: 0, workerId: null, runId: heard.id },
  ]);
  expect(await prisma.worker.count()).toBe(0);
  expect(await openJobs(house.database)).toBe(2);
  expect(await processesNaming(path.join(house.home, 'work'))).toEqual([]);

  await using _next = await house.startWorker();
  await house.follow(read.runId, {
    after: read.after,
    until: (event) =>
      event.__typename === 'StageStatusEvent' && event.stage === 'INGEST' && event.stageStatus === 'SUCCEEDED',
  });
  expect(stageLines(await eventsOf(house.database, read.id)).slice(0, 5)).toEqual([
    'ingest QUEUED 0',
    'ingest RUNNING 1',
    'ingest QUEUED 1',
    'ingest RUNNING 1',
    'ingest SUCCEEDED 1',
  ]);
});

test('two versions run beside each other: a job may say more than we know, and work of stages we do not know waits', {
  timeout: long,
}, async () => {
  await using house = await openHouse({ worker: false, env: { WORKER_SILENT_MS: '3000' } });
  const { pool } = house.database;
  const run = await startTalk(house, { transcript: true });
  await pool.query(
    `update graphile_worker._private_jobs set payload = (payload::jsonb || '{"priority": "high", "attempt": 7}')::json`,
  );
  const dub = crypto.randomUUID();
  await pool.query(`select graphile_worker.add_job('dub', json_build_object('stageRunId', $1::text), job_key => $1)`, [
    dub,
  ]);

  await using _worker = await house.startWorker();
  const seen = await house.follow(run.runId);
  expect(seen.at(-1)).toMatchObject({ runStatus: 'SUCCEEDED', isFinal: true });
  const left = async () => {
    const { rows } = await pool.query<{ task: string; attempts: number; holder: string | null }>(
      'select task_identifier as task, attempts, locked_by as holder from graphile_worker.jobs',
    );
    return rows;
  };
  await vi.waitFor(async () => expect(await left()).toEqual([{ task: 'dub', attempts: 0, holder: null }]), patient);
});
