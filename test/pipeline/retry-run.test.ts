import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import type { RetryRunInput } from '#generated/client/graphql.ts';
import { wellRead } from '../support/model-answers.ts';
import type { Completion } from '../support/openai-completions.ts';
import { eventsOf, gapless, numbersOf, untilNoJobs } from '../support/run-rows.ts';
import { openSpokenHouse, type SpokenHouse } from '../support/spoken-house.ts';
import { rowIdOf } from '../support/talk-run.ts';

const retryDocument = graphql(`
  mutation RetryRun($input: RetryRunInput!) {
    retryRun(input: $input) {
      replayed
      errors { code message path }
      run { id status progress isFinal retryOf { id } }
    }
  }
`);

const outcomeDocument = graphql(`
  query RetryOutcome($id: ID!) {
    node(id: $id) {
      ... on Run {
        status progress failure { code }
        retries { id }
        stageRuns { id stage subject status attempt settledAt }
        upload {
          highlights { nodes { id } }
          clips { nodes { renditions { status file { sha256 } } } }
          contents { nodes { kind status current { number } } }
        }
      }
    }
  }
`);

const stopDocument = graphql(`
  mutation StopToRetry($input: CancelRunInput!) { cancelRun(input: $input) { errors { code } run { status } } }
`);

const highlights = { count: 1, minDurationMs: 4_000, maxDurationMs: 14_000 };
const clips = { presets: ['AUDIO_ONLY' as const], captionStyle: 'SIDECAR' as const, removeSilences: true, reel: false };
const contents = [{ kind: 'BLOG' as const }, { kind: 'LINKEDIN' as const }, { kind: 'TWITTER' as const }];

// A house for each test: what a model was asked in one workspace it is not asked again.
let spoken: SpokenHouse;
beforeEach(async () => {
  spoken = await openSpokenHouse();
});
afterEach(() => spoken[Symbol.asyncDispose]());

/** A model that has nothing useful to say where it is asked for one of these. */
const without =
  (...names: readonly string[]) =>
  (request: Completion): unknown =>
    names.includes(request.schemaName ?? '') ? { nonsense: true } : wellRead(request);

/** A run that ended with what the model was without. */
async function endedWithout(...names: readonly string[]): Promise<string> {
  spoken.openai.answers.completion = without(...names);
  const { runId } = await spoken.start({ highlights, clips, contents });
  await spoken.house.follow(runId);
  spoken.openai.answers.completion = wellRead;
  return runId;
}

async function retry(input: Partial<RetryRunInput> & { runId: string }) {
  const { data } = await spoken.house.send(retryDocument, { input: { idempotencyKey: crypto.randomUUID(), ...input } });
  if (!data.retryRun) throw new Error('the mutation failed');
  return data.retryRun;
}

async function outcomeOf(runId: string) {
  const { data } = await spoken.house.send(outcomeDocument, { id: runId });
  if (!data.node || !('stageRuns' in data.node)) throw new Error('the run is not found');
  return data.node;
}

const statuses = ({ stageRuns }: Awaited<ReturnType<typeof outcomeOf>>) =>
  stageRuns.map(({ stage, status }) => `${stage} ${status}`).toSorted();

async function stageRunsOf(runId: string, status: string): Promise<string[]> {
  const { stageRuns } = await outcomeOf(runId);
  return stageRuns.filter((row) => row.status === status).map(({ id }) => id);
}

describe('retrying a run', () => {
  test('that ended PARTIAL repeats only what failed, and then it is all there', async () => {
    const { house, openai } = spoken;
    const runId = await endedWithout('linkedin');
    const before = await outcomeOf(runId);
    expect(before).toMatchObject({ status: 'PARTIAL', failure: { code: 'PROVIDER_BAD_ANSWER' } });
    const artifacts = await house.database.prisma.artifact.count();
    const asked = openai.requests.length;

    const { run, errors, replayed } = await retry({ runId });
    expect({ errors, replayed, run }).toMatchObject({
      errors: [],
      replayed: false,
      run: { status: 'QUEUED', isFinal: false, retryOf: { id: runId } },
    });
    expect(run?.progress).toBeGreaterThan(0.8);
    const events = await house.follow(run?.id ?? '');
    expect(events.at(-1)).toMatchObject({ runStatus: 'SUCCEEDED', isFinal: true });

    const after = await outcomeOf(run?.id ?? '');
    expect(after).toMatchObject({ status: 'SUCCEEDED', progress: 1, failure: null });
    expect(after.upload.contents.nodes.map(({ kind, status, current }) => [kind, status, current?.number])).toEqual([
      ['BLOG', 'SUCCEEDED', 1],
      ['LINKEDIN', 'SUCCEEDED', 1],
      ['TWITTER', 'SUCCEEDED', 1],
    ]);
    expect(after.upload.clips).toEqual(before.upload.clips);
    expect(openai.requests.slice(asked).map(({ path }) => path)).toEqual(['/v1/chat/completions']);
    expect(await house.database.prisma.artifact.count(), 'nothing encoded again').toBe(artifacts);
    const log = await eventsOf(house.database, rowIdOf(run?.id ?? ''));
    expect(numbersOf(log)).toEqual(gapless(log));
    expect(log.filter(({ data }) => data.kind === 'STAGE_STATUS' && data.stageStatus === 'RUNNING')).toHaveLength(1);

    const old = await outcomeOf(runId);
    expect(statuses(old), 'final means final').toEqual(statuses(before));
    expect(old.retries).toEqual([{ id: run?.id }]);
    expect(old.stageRuns.filter(({ settledAt }) => settledAt !== null)).toMatchObject([{ status: 'FAILED' }]);
  });

  test('whose highlights failed goes on to their clips', async () => {
    const { house } = spoken;
    const runId = await endedWithout('moments');
    expect(statuses(await outcomeOf(runId))).not.toContainEqual(expect.stringMatching(/^CUT/));
    const { run } = await retry({ runId });
    expect((await house.follow(run?.id ?? '')).at(-1)).toMatchObject({ runStatus: 'SUCCEEDED' });
    const after = await outcomeOf(run?.id ?? '');
    expect(statuses(after)).toContain('CUT SUCCEEDED');
    expect(after.upload.clips.nodes).toMatchObject([{ renditions: [{ status: 'SUCCEEDED', file: {} }] }]);
    await untilNoJobs(house.database);
  });

  test('that names some of its failures leaves the others failed, and says so', async () => {
    const { house } = spoken;
    const runId = await endedWithout('linkedin', 'twitter');
    const failed = await outcomeOf(runId);
    const [named, other] = failed.stageRuns.filter(({ status }) => status === 'FAILED');
    const { run } = await retry({ runId, stageRunIds: [named?.id ?? '', named?.id ?? ''] });
    expect((await house.follow(run?.id ?? '')).at(-1)).toMatchObject({ runStatus: 'PARTIAL', isFinal: true });
    const { stageRuns } = await outcomeOf(run?.id ?? '');
    const bySubject = new Map(stageRuns.map((row) => [row.subject, row]));
    expect(bySubject.get(named?.subject ?? null)).toMatchObject({ status: 'SUCCEEDED' });
    expect(bySubject.get(other?.subject ?? null)).toMatchObject({
      status: 'FAILED',
      attempt: other?.attempt,
      settledAt: null,
    });
  });

  test('that somebody stopped takes up what was stopped', async () => {
    const { house, openai } = spoken;
    openai.script(null, 'hang');
    const started = await spoken.start({ contents });
    await house.follow(started.runId, {
      after: started.after,
      until: (event) => event.__typename === 'StageStatusEvent' && event.stage === 'WRITE',
    });
    const { data } = await house.send(stopDocument, { input: { runId: started.runId } });
    expect(data.cancelRun).toMatchObject({ errors: [], run: { status: 'CANCELED' } });
    openai.hangUp();
    const { run } = await retry({ runId: started.runId });
    expect((await house.follow(run?.id ?? '')).at(-1)).toMatchObject({ runStatus: 'SUCCEEDED' });
    expect(statuses(await outcomeOf(run?.id ?? ''))).toEqual([
      'INGEST SUCCEEDED',
      'TRANSCRIBE SUCCEEDED',
      ...contents.map(() => 'WRITE SUCCEEDED'),
    ]);
    await untilNoJobs(house.database);
  });

  test('with the same key is one retry, and another key waits for its end', async () => {
    const { house, openai } = spoken;
    const runId = await endedWithout('linkedin');
    openai.script('hang');
    const arrival = openai.arrival();
    const idempotencyKey = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 5 }, () => retry({ runId, idempotencyKey })));
    expect(new Set(answers.map(({ run }) => run?.id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await retry({ runId })).toMatchObject({
      run: null,
      errors: [{ code: 'INVALID_STATE', message: 'The run is being retried already.' }],
    });
    const stageRunIds = await stageRunsOf(runId, 'FAILED');
    expect(await retry({ runId, idempotencyKey, stageRunIds })).toMatchObject({
      run: null,
      errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
    });
    await arrival;
    openai.hangUp();
    await house.follow(answers[0]?.run?.id ?? '');
  });
});

describe('a retry is refused', () => {
  test('for a run that has not ended, and for one that made everything', async () => {
    const { house, openai } = spoken;
    openai.script('hang');
    const arrival = openai.arrival();
    const { runId } = await spoken.start({ transcript: true });
    await arrival;
    expect(await retry({ runId })).toMatchObject({ run: null, errors: [{ code: 'INVALID_STATE' }] });
    openai.hangUp();
    await house.follow(runId);
    expect(await retry({ runId })).toMatchObject({
      run: null,
      errors: [{ code: 'INVALID_STATE', message: 'Only what failed or was canceled can be retried.' }],
    });
  });

  test('for stages that are not its own, or did not fail, or are none', async () => {
    const runId = await endedWithout('linkedin');
    const other = await endedWithout('linkedin');
    const theirs = await stageRunsOf(other, 'FAILED');
    const failed = await stageRunsOf(runId, 'FAILED');
    const made = await stageRunsOf(runId, 'SUCCEEDED');
    const none = [globalId('StageRun', crypto.randomUUID())];
    const before = await spoken.house.database.prisma.run.count();
    expect((await retry({ runId, stageRunIds: [...failed, ...theirs] })).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await retry({ runId, stageRunIds: none })).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await retry({ runId, stageRunIds: [...failed, ...made] })).errors).toMatchObject([
      { code: 'INVALID_STATE' },
    ]);
    expect((await retry({ runId, stageRunIds: [] })).errors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'stageRunIds'] },
    ]);
    expect(await spoken.house.database.prisma.run.count()).toBe(before);
  });

  test('once the recording itself was refused', async () => {
    const { house, openai } = spoken;
    openai.script({ status: 401, code: 'invalid_api_key' });
    const started = await spoken.start({ transcript: true });
    await house.follow(started.runId);
    await house.database.prisma.upload.update({
      where: { id: rowIdOf(started.uploadId) },
      data: { status: 'REJECTED' },
    });
    expect(await retry({ runId: started.runId })).toMatchObject({ run: null, errors: [{ code: 'INVALID_STATE' }] });
  });

  test('where the plan has no room for it, and leaves no run', async () => {
    const { prisma } = spoken.house.database;
    const runId = await endedWithout('linkedin');
    const { uploadId, workspaceId } = await prisma.run.findUniqueOrThrow({ where: { id: rowIdOf(runId) } });
    await prisma.upload.update({ where: { id: uploadId }, data: { durationMs: 2_000_000_000 } });
    await prisma.workspace.update({ where: { id: workspaceId }, data: { plan: 'free' } });
    expect(await retry({ runId })).toMatchObject({ run: null, errors: [{ code: 'QUOTA_EXCEEDED' }] });
    expect(await prisma.run.count({ where: { retryOfId: rowIdOf(runId) } })).toBe(0);
  });
});
