import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { replaceJob } from '#pipeline/queue.ts';
import { eventually } from './support/eventually.ts';
import { type House, openHouse, type SeenEvent } from './support/house.ts';
import { twoMoments } from './support/model-answers.ts';
import { slowFfmpeg } from './support/odd-ffmpeg.ts';
import { openOpenaiServer } from './support/openai-server.ts';
import { processesNaming } from './support/processes.ts';
import { eventsOf, gapless, numbersOf, openJobs, stageLines, untilNoJobs } from './support/run-rows.ts';
import { spawnWorker } from './support/spawned-worker.ts';
import { type StartedRun, shortClip, shortClips, startTalk } from './support/talk-run.ts';

interface Place {
  readonly house: House;
  /** Where workers work. */
  readonly work: string;
  /** The environment of a worker that encodes slowly. */
  readonly slow: { readonly FFMPEG_PATH: string };
}

/** A house without a worker: each test starts its own. */
async function openPlace(env: Readonly<Record<string, string>> = {}): Promise<Place> {
  const house = await openHouse({ worker: false, env });
  onTestFinished(() => house[Symbol.asyncDispose]());
  const FFMPEG_PATH = await slowFfmpeg(path.join(house.home, 'ffmpeg'));
  return { house, work: path.join(house.home, 'work'), slow: { FFMPEG_PATH } };
}

/** Starts a run and waits until its clip is being encoded. */
async function untilEncoding({ house }: Place): Promise<StartedRun> {
  const run = await startTalk(house, shortClip('LANDSCAPE_720P'));
  await house.follow(run.runId, { after: run.after, until: isEncoding });
  return run;
}

const isEncoding = (event: SeenEvent): boolean =>
  event.__typename === 'StageProgressEvent' && event.stage === 'CUT' && event.stageProgress > 0.1;

const encodersIn = async (work: string): Promise<string[]> =>
  (await processesNaming(work)).filter((line) => line.includes('libx264'));

describe('a worker that is told to stop', () => {
  test('hands its encode back at once, unharmed, and leaves nothing behind', async () => {
    const place = await openPlace();
    const { house, work, slow } = place;
    const worker = await spawnWorker(house, slow);
    onTestFinished(() => worker[Symbol.asyncDispose]());
    const run = await untilEncoding(place);
    expect(await encodersIn(work)).toHaveLength(1);

    const stoppedAt = performance.now();
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(6_000);
    expect(await encodersIn(work)).toEqual([]);
    expect(await readdir(work)).toEqual([]);
    expect(await openJobs(house.database)).toBe(1);
    expect(await cutOf(place, run)).toMatchObject({ status: 'QUEUED', attempt: 0, workerId: null, heartbeatAt: null });

    await using _another = await house.startWorker();
    await house.follow(run.runId);
    const events = await eventsOf(house.database, run.id);
    expect(stageLines(events).filter((line) => line.startsWith('cut'))).toEqual([
      'cut QUEUED 0',
      'cut RUNNING 1',
      'cut QUEUED 1',
      'cut RUNNING 1',
      'cut SUCCEEDED 1',
    ]);
    expect(numbersOf(events)).toEqual(gapless(events));
    expect(events.at(-1)?.data).toMatchObject({ runStatus: 'SUCCEEDED', isFinal: true });
    await untilNoJobs(house.database);
  });
});

describe('a worker that is killed', () => {
  test('in the middle of an encode is missed by another one, which finishes its run and clears its folder', async () => {
    const place = await openPlace({ WORKER_SILENT_MS: '3000' });
    const { house, work, slow } = place;
    const worker = await spawnWorker(house, slow);
    const run = await untilEncoding(place);
    const [orphan] = await readdir(work);
    expect(await worker.end('SIGKILL')).toBe('SIGKILL');
    await eventually(async () => expect(await encodersIn(work)).toEqual([]));
    expect(await cutOf(place, run), 'nobody could say so').toMatchObject({ status: 'RUNNING' });

    await using _another = await house.startWorker();
    await house.follow(run.runId);
    const events = await eventsOf(house.database, run.id);
    expect(stageLines(events).filter((line) => line.startsWith('cut'))).toEqual([
      'cut QUEUED 0',
      'cut RUNNING 1',
      'cut QUEUED 1',
      'cut RUNNING 2',
      'cut SUCCEEDED 2',
    ]);
    expect(numbersOf(events)).toEqual(gapless(events));
    const announced = events.flatMap(({ data }) => (data.kind === 'ARTIFACT_READY' ? [data.artifact.id] : []));
    expect(announced).toEqual([...new Set(announced)]);
    expect(
      await house.database.prisma.rendition.findMany({ select: { artifact: { select: { contentType: true } } } }),
    ).toEqual([{ artifact: { contentType: 'video/mp4' } }]);
    expect(await readdir(work)).not.toContain(orphan);
    await untilNoJobs(house.database);
  });
});

describe('workers and their places', () => {
  test('one place for encodes takes them one by one, while posts are still written', async () => {
    const asked = { encoding: false };
    await using openai = await openOpenaiServer({
      completion(request) {
        if (request.schemaName === 'twitter' && !asked.encoding) throw new Error('not before an encode runs');
        return twoMoments(request);
      },
    });
    const place = await openPlace({
      FFMPEG_CONCURRENCY: '1',
      OPENAI_API_KEY: openai.apiKey,
      OPENAI_BASE_URL: openai.baseURL,
      RETRY_BASE_MS: '200',
    });
    const { house, work, slow } = place;
    await using _worker = await house.startWorker(slow);
    const recipe = shortClips('LANDSCAPE_720P');
    const run = await startTalk(house, { ...recipe, contents: [{ kind: 'TWITTER' }] });
    await house.follow(run.runId, { after: run.after, until: isEncoding });
    asked.encoding = true;
    await house.follow(run.runId, {
      after: run.after,
      until: (event) =>
        event.__typename === 'StageStatusEvent' && event.stage === 'WRITE' && event.stageStatus === 'SUCCEEDED',
    });
    expect(await encodersIn(work), 'while the post was written').toHaveLength(1);
    await house.follow(run.runId);
    const lines = stageLines(await eventsOf(house.database, run.id)).filter((line) => !line.includes('QUEUED'));
    const written = lines.findIndex((line) => line.startsWith('write SUCCEEDED'));
    expect(written).toBeGreaterThan(lines.indexOf('cut RUNNING 1'));
    expect(written).toBeLessThan(lines.lastIndexOf('cut SUCCEEDED 1'));
    expect(lines.filter((line) => line.startsWith('cut'))).toEqual([
      'cut RUNNING 1',
      'cut SUCCEEDED 1',
      'cut RUNNING 1',
      'cut SUCCEEDED 1',
    ]);
  });

  test('a stage that lost its worker is taken at once, while the only place for encodes is used', async () => {
    const place = await openPlace({ FFMPEG_CONCURRENCY: '1' });
    const { house, work, slow } = place;
    const { prisma } = house.database;
    await using _worker = await house.startWorker(slow);
    const run = await startTalk(house, shortClips('LANDSCAPE_720P'));
    await house.follow(run.runId, { after: run.after, until: isEncoding });
    const waiting = await prisma.stageRun.findFirstOrThrow({ where: { stage: 'cut', status: 'QUEUED' } });
    await prisma.$transaction((tx) => replaceJob(tx, { stage: 'cut', stageRunId: waiting.id }));
    await vi.waitFor(
      async () => expect(await prisma.stageRun.count({ where: { stage: 'cut', status: 'RUNNING' } })).toBe(2),
      { timeout: 20_000 },
    );
    expect(await encodersIn(work), 'one encodes, the other waits for it').toHaveLength(1);
    const seen = await house.follow(run.runId, { after: run.after });
    expect(seen.at(-1)).toMatchObject({ runStatus: 'SUCCEEDED' });
    await untilNoJobs(house.database);
  });

  test('two workers share one queue, and nothing is done twice', async () => {
    const place = await openPlace({ FFMPEG_CONCURRENCY: '1' });
    const { house, slow } = place;
    await using _one = await house.startWorker(slow);
    await using _other = await house.startWorker(slow);
    const recipe = shortClips('LANDSCAPE_720P');
    const contents = [{ kind: 'BLOG' }, { kind: 'LINKEDIN' }, { kind: 'TWITTER' }] as const;
    const run = await startTalk(house, { ...recipe, contents: [...contents] });
    const seen = await house.follow(run.runId);
    expect(seen.at(-1)).toMatchObject({ runStatus: 'SUCCEEDED' });
    const lines = stageLines(await eventsOf(house.database, run.id));
    expect(lines.filter((line) => line.startsWith('cut') && !line.includes('QUEUED'))).toEqual([
      'cut RUNNING 1',
      'cut RUNNING 1',
      'cut SUCCEEDED 1',
      'cut SUCCEEDED 1',
    ]);
    const began = (line: string): boolean => line.endsWith('RUNNING 1');
    const stageRuns = await house.database.prisma.stageRun.findMany({ where: { runId: run.id } });
    expect(lines.filter(began)).toHaveLength(stageRuns.length);
    expect(stageRuns.every(({ attempt, status }) => attempt === 1 && status === 'SUCCEEDED')).toBe(true);
    expect(await house.database.prisma.contentVersion.count()).toBe(contents.length);
    await untilNoJobs(house.database);
  });
});

const cutOf = ({ house }: Place, { id }: StartedRun) =>
  house.database.prisma.stageRun.findFirstOrThrow({ where: { runId: id, stage: 'cut' } });
