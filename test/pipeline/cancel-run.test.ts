import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { type House, openHouse } from '../support/house.ts';
import { slowFfmpeg } from '../support/odd-ffmpeg.ts';
import { processesNaming } from '../support/processes.ts';
import {
  eventsOf,
  gapless,
  numbersOf,
  openJobs,
  stageLines,
  untilNoFolders,
  untilNoJobs,
} from '../support/run-rows.ts';
import { type StartedRun, shortClip, startTalk } from '../support/talk-run.ts';

const cancelDocument = graphql(`
  mutation CancelRun($input: CancelRunInput!) {
    cancelRun(input: $input) { errors { code message } run { status isFinal progress failure { code } } }
  }
`);

const againDocument = graphql(`
  mutation StartAgain($input: StartRunInput!) {
    startRun(input: $input) { errors { code message } run { id } }
  }
`);

async function opened(options: { readonly worker: boolean }): Promise<House> {
  const house = await openHouse({ worker: false });
  onTestFinished(() => house[Symbol.asyncDispose]());
  if (!options.worker) return house;
  const worker = await house.startWorker({ FFMPEG_PATH: await slowFfmpeg(path.join(house.home, 'ffmpeg')) });
  onTestFinished(() => worker[Symbol.asyncDispose]());
  return house;
}

async function cancel(house: House, { runId }: Pick<StartedRun, 'runId'>) {
  const { data } = await house.send(cancelDocument, { input: { runId } });
  return data.cancelRun;
}

describe('canceling a run', () => {
  test('in the middle of an encode ends it at once and for good', async () => {
    const house = await opened({ worker: true });
    const run = await startTalk(house, shortClip('LANDSCAPE_720P'));
    await house.follow(run.runId, {
      after: run.after,
      until: (event) => event.__typename === 'StageProgressEvent' && event.stage === 'CUT' && event.stageProgress > 0.1,
    });
    const work = path.join(house.home, 'work');
    expect(await processesNaming(work)).toHaveLength(1);
    const artifacts = await house.database.prisma.artifact.count();

    expect(await cancel(house, run)).toMatchObject({ errors: [], run: { status: 'CANCELED', isFinal: true } });
    const ending = await eventsOf(house.database, run.id);
    expect(ending.slice(-2).map(({ data }) => data)).toMatchObject([
      { kind: 'STAGE_STATUS', stage: 'cut', stageStatus: 'CANCELED' },
      { kind: 'RUN_STATUS', runStatus: 'CANCELED', isFinal: true },
    ]);
    await vi.waitFor(async () => expect(await processesNaming(work)).toEqual([]), { timeout: 3_000, interval: 50 });
    await untilNoFolders(work);
    await untilNoJobs(house.database);

    expect(await eventsOf(house.database, run.id)).toEqual(ending);
    expect(numbersOf(ending)).toEqual(gapless(ending));
    expect(await house.database.prisma.artifact.count()).toBe(artifacts);
    expect(await house.database.prisma.transcript.count(), 'what was made stays').toBe(1);
    expect(await cancel(house, run)).toMatchObject({ errors: [{ code: 'INVALID_STATE' }], run: null });
  });

  test('before any worker took it up leaves nothing to do, and another run verifies the upload', async () => {
    const house = await opened({ worker: false });
    const run = await startTalk(house, { transcript: true });
    expect(await openJobs(house.database)).toBe(1);
    expect(await cancel(house, run)).toMatchObject({ errors: [], run: { status: 'CANCELED', progress: 0 } });
    await untilNoJobs(house.database);

    await using _worker = await house.startWorker();
    const input = { uploadId: run.uploadId, recipe: { transcript: true }, idempotencyKey: 'again' };
    const { data } = await house.send(againDocument, { input });
    expect(data.startRun?.errors).toEqual([]);
    const events = await house.follow(data.startRun?.run?.id ?? '');
    expect(events.at(-1)).toMatchObject({ runStatus: 'SUCCEEDED', isFinal: true });
    expect(stageLines(await eventsOf(house.database, run.id))).toEqual(['ingest QUEUED 0', 'ingest CANCELED 0']);
  });

  test('is refused once it has ended', async () => {
    const house = await opened({ worker: true });
    const run = await startTalk(house, { transcript: true });
    await house.follow(run.runId);
    expect(await cancel(house, run)).toMatchObject({
      errors: [{ code: 'INVALID_STATE', message: 'The run has already ended (SUCCEEDED).' }],
      run: null,
    });
  });
});
