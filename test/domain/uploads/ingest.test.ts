import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { ingest } from '#domain/uploads/ingest.ts';
import { recordingOf } from '#domain/uploads/recording.ts';
import { runStage } from '#work/run-stage.ts';
import type { Worker } from '#work/worker.ts';
import { made, recording } from '../../support/media.ts';
import { openTestRunner, type TestRunner } from '../../support/stage-runner.ts';

let house: TestRunner;

beforeAll(async () => {
  house = await openTestRunner();
  await house.runner.worker.storage.ensureBuckets();
});
afterAll(() => house[Symbol.asyncDispose]());

/** Ingests bytes at the last attempt that the stage has; gives what became of the upload and of its run. */
async function ingested(bytes: Buffer, worker: Partial<Worker> = {}) {
  const { prisma } = house.database;
  const { runId, stageRunId } = await house.seed();
  const { uploadId } = await prisma.run.findUniqueOrThrow({ where: { id: runId } });
  const where = { id: uploadId };
  const { storageKey: key } = await prisma.upload.update({ where, data: { announcedBytes: bytes.length } });
  await house.runner.worker.storage.put({ bucket: 'uploads', key }, bytes, { contentType: 'audio/aac' });
  await prisma.stageRun.update({ where: { id: stageRunId }, data: { maxAttempts: 1 } });
  await runStage({ ...house.runner, worker: { ...house.runner.worker, ...worker } }, ingest, stageRunId);
  return {
    uploadId,
    upload: await prisma.upload.findUniqueOrThrow({ where, select: { status: true, failure: true } }),
    run: await prisma.run.findUniqueOrThrow({ where: { id: runId }, select: { status: true, failure: true } }),
  };
}

test.each(['PROVIDER_UNAVAILABLE', 'PROVIDER_REJECTED', 'DISK_FULL'] as const)(
  'a recording is not rejected for %s: its run fails, the next one may verify it',
  async (code) => {
    const { sources } = house.runner.worker;
    const failing = { ...sources, hold: () => Promise.reject(new Problem(code)) };
    const { upload, run } = await ingested(Buffer.from('any'), { sources: failing });
    expect(run).toMatchObject({ status: 'FAILED', failure: { code } });
    expect(upload).toEqual({ status: 'VERIFYING', failure: null });
  },
);

test('a recording is as long as its sound: 110 seconds of which nearly all is silence look like 14', async () => {
  const { ffmpeg, env } = house.runner.worker;
  const noise = ['-f', 'lavfi', '-i', 'anoisesrc=d=10:a=0.5', '-f', 'lavfi', '-t', '100', '-i', 'anullsrc'];
  const joined = ['-filter_complex', '[0:a][1:a]concat=n=2:v=0:a=1', '-c:a', 'aac', '-b:a', '128k'];
  const bytes = await readFile(await made(ffmpeg.tools.ffmpeg, 'estimated.aac', [...noise, ...joined]));
  const { upload } = await ingested(bytes, { env: { ...env, MAX_MEDIA_MINUTES: 1 } });
  expect(upload).toMatchObject({ status: 'REJECTED', failure: { code: 'MEDIA_TOO_LONG' } });
});

test('a recording without an index is known to be read whole for a seek, by all who open it later', async () => {
  const { uploadId } = await ingested(await readFile(await recording('talk.mp3')));
  const { stored } = await recordingOf(house.database.prisma, uploadId);
  expect(stored).toEqual({ bucket: 'uploads', key: expect.any(String), seekShare: expect.closeTo(1, 0) });
});
