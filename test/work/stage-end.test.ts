import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { wellRead } from '../support/model-answers.ts';
import type { Completion } from '../support/openai-completions.ts';
import type { Fault } from '../support/openai-server.ts';
import { eventsOf, gapless, numbersOf, stageLines, untilNoJobs } from '../support/run-rows.ts';
import { openSpokenHouse, type SpokenHouse } from '../support/spoken-house.ts';

const outcomeDocument = graphql(`
  query Outcome($id: ID!) {
    node(id: $id) {
      __typename
      ... on Run {
        status progress
        failure { code message stage }
        stageRuns { stage status attempt maxAttempts nextAttemptAt failure { code retryable } }
        upload {
          status
          transcript { wordTiming wordCount }
          contents { nodes { kind status failure { code } current { number } } }
        }
      }
    }
  }
`);

const cancelDocument = graphql(`
  mutation CancelWaiting($input: CancelRunInput!) { cancelRun(input: $input) { errors { code } run { status } } }
`);

const kinds = ['BLOG', 'LINKEDIN', 'TWITTER', 'INSTAGRAM'] as const;
const allPosts = kinds.map((kind) => ({ kind }));

/** A call is tried this often by itself before its stage has to wait. */
const triesOfTranscription = 3;
const down = (calls: number): Fault[] =>
  Array.from({ length: calls }, () => ({ status: 500, headers: { 'retry-after-ms': '1' } }));

describe('a stage that asks outside services', () => {
  let spoken: SpokenHouse;

  beforeAll(async () => {
    spoken = await openSpokenHouse();
  });
  afterAll(() => spoken[Symbol.asyncDispose]());
  beforeEach(() => {
    spoken.openai.answers.completion = wellRead;
  });

  test('succeeds with one request each when they answer, and so does the run', async () => {
    const { house, openai, start } = spoken;
    const run = await start({
      highlights: { count: 1, minDurationMs: 4_000, maxDurationMs: 14_000 },
      clips: { presets: ['LANDSCAPE_720P'], captionStyle: 'SIDECAR', removeSilences: true, reel: false },
      contents: allPosts,
    });
    const events = await house.follow(run.runId);
    expect(events.at(-1)).toMatchObject({ runStatus: 'SUCCEEDED', isFinal: true });
    const outcome = await outcomeOf(run.runId);
    expect(outcome).toMatchObject({ status: 'SUCCEEDED', progress: 1, failure: null });
    expect(outcome.upload.transcript).toEqual({ wordTiming: 'MEASURED', wordCount: 28 });
    expect(outcome.upload.contents.nodes.map(({ status }) => status)).toEqual(kinds.map(() => 'SUCCEEDED'));
    expect(openai.requests.map(({ path }) => path).toSorted()).toEqual([
      '/v1/audio/transcriptions',
      ...Array.from({ length: 5 }, () => '/v1/chat/completions'),
    ]);
    await untilNoJobs(house.database);
  });

  test('waits after a passing outage and succeeds with its second attempt', async () => {
    const { house, openai, start } = spoken;
    openai.script(...down(triesOfTranscription));
    const run = await start({ transcript: true });
    await house.follow(run.runId);
    const events = await eventsOf(house.database, run.id);
    expect(stageLines(events).filter((line) => line.startsWith('transcribe'))).toEqual([
      'transcribe QUEUED 0',
      'transcribe RUNNING 1',
      'transcribe WAITING 1',
      'transcribe RUNNING 2',
      'transcribe SUCCEEDED 2',
    ]);
    expect(events.flatMap(({ data }) => (data.kind === 'RUN_STATUS' ? [data.runStatus] : []))).toEqual([
      'QUEUED',
      'RUNNING',
      'WAITING',
      'RUNNING',
      'SUCCEEDED',
    ]);
    expect(numbersOf(events)).toEqual(gapless(events));
    expect((await outcomeOf(run.runId)).failure).toBeNull();
  });

  test('waits as long as the service asks for, and a cancel ends the wait', async () => {
    const { house, openai, start } = spoken;
    openai.script({ status: 429, headers: { 'retry-after': '40' } });
    const run = await start({ transcript: true });
    const seen = await house.follow(run.runId, {
      after: run.after,
      until: (event) => event.__typename === 'StageStatusEvent' && event.stageStatus === 'WAITING',
    });
    expect(seen.at(-1)).toMatchObject({
      stage: 'TRANSCRIBE',
      failure: { code: 'PROVIDER_UNAVAILABLE', retryable: true },
    });
    const { status, stageRuns } = await outcomeOf(run.runId);
    const waiting = stageRuns.find(({ stage }) => stage === 'TRANSCRIBE');
    expect({ status, waiting: waiting?.status }).toEqual({ status: 'WAITING', waiting: 'WAITING' });
    const waitMs = Date.parse(`${waiting?.nextAttemptAt}`) - Date.now();
    expect(waitMs).toBeGreaterThan(35_000);
    expect(waitMs).toBeLessThanOrEqual(40_000);
    const { data } = await house.send(cancelDocument, { input: { runId: run.runId } });
    expect(data.cancelRun).toMatchObject({ errors: [], run: { status: 'CANCELED' } });
    await untilNoJobs(house.database);
  });

  test.each([
    ['a key that is not accepted', { status: 401, code: 'invalid_api_key' }],
    ['an account without credit', { status: 429, code: 'insufficient_quota' }],
  ] satisfies [string, Fault][])('fails at once after %s', async (_what, fault) => {
    const { house, openai, start } = spoken;
    const before = openai.requests.length;
    openai.script(fault);
    const run = await start({ contents: allPosts });
    const events = await house.follow(run.runId);
    expect(events.at(-1)).toMatchObject({ runStatus: 'FAILED', failure: { code: 'PROVIDER_REJECTED' } });
    const { failure, stageRuns, progress } = await outcomeOf(run.runId);
    expect(failure).toMatchObject({ code: 'PROVIDER_REJECTED', stage: 'TRANSCRIBE' });
    expect(stageRuns.map(({ stage, status, attempt }) => ({ stage, status, attempt }))).toEqual([
      { stage: 'INGEST', status: 'SUCCEEDED', attempt: 1 },
      { stage: 'TRANSCRIBE', status: 'FAILED', attempt: 1 },
    ]);
    expect(progress).toBeLessThan(1);
    expect(openai.requests.length - before).toBe(1);
    await untilNoJobs(house.database);
  });

  test('fails when all its attempts are used', async () => {
    const { house, openai, start } = spoken;
    openai.script(...down(5 * triesOfTranscription));
    const run = await start({ transcript: true });
    await house.follow(run.runId);
    const { status, failure, stageRuns } = await outcomeOf(run.runId);
    expect({ status, code: failure?.code }).toEqual({ status: 'FAILED', code: 'PROVIDER_UNAVAILABLE' });
    expect(stageRuns.at(-1)).toMatchObject({ stage: 'TRANSCRIBE', status: 'FAILED', attempt: 5, maxAttempts: 5 });
  });

  test('makes the run PARTIAL where its model only talks nonsense, with everything else there', async () => {
    // A house of its own: good answers to the same words are remembered in the other one.
    await using fooled = await openSpokenHouse();
    const { house, openai, start } = fooled;
    const nonsense: Record<string, unknown> = {
      linkedin: 'As a language model I would be glad to help!',
      instagram: { caption: 'no lines at all' },
      moments: '{"moments": [',
    };
    openai.answers.completion = (request: Completion) => nonsense[request.schemaName ?? ''] ?? wellRead(request);
    const highlights = { count: 1, minDurationMs: 4_000, maxDurationMs: 14_000 };
    const run = await start({ highlights, contents: allPosts });
    const events = await house.follow(run.runId);
    expect(events.at(-1)).toMatchObject({ runStatus: 'PARTIAL', isFinal: true });
    const { status, progress, failure, upload, stageRuns } = await outcomeOf(run.runId, house);
    expect({ status, progress, failure }).toMatchObject({
      status: 'PARTIAL',
      progress: 1,
      failure: { code: 'PROVIDER_BAD_ANSWER' },
    });
    expect(stageRuns.find(({ stage }) => stage === 'HIGHLIGHT')).toMatchObject({ status: 'FAILED', attempt: 5 });
    expect(upload).toMatchObject({ status: 'READY', transcript: { wordCount: 28 } });
    const written = Object.fromEntries(
      upload.contents.nodes.map(({ kind, status: end, failure: why, current }) => [
        kind,
        [end, why?.code ?? null, current?.number ?? null],
      ]),
    );
    expect(written).toEqual({
      BLOG: ['SUCCEEDED', null, 1],
      TWITTER: ['SUCCEEDED', null, 1],
      LINKEDIN: ['FAILED', 'PROVIDER_BAD_ANSWER', null],
      INSTAGRAM: ['FAILED', 'PROVIDER_BAD_ANSWER', null],
    });
  });

  async function outcomeOf(runId: string, house = spoken.house) {
    const { data } = await house.send(outcomeDocument, { id: runId });
    if (data.node?.__typename !== 'Run') throw new Error('the run is not found');
    return data.node;
  }
});
