import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { finalize, type House, openHouse, type SeenEvent, sampleTalk, sendBytes } from './support/house.ts';

const everything = graphql(`
  query Everything($id: ID!) {
    node(id: $id) {
      ... on Upload {
        status
        media { durationMs video { width } audio { integratedLoudness } }
        file { sizeBytes sha256 }
        silences(minDurationMs: 300) { startMs endMs }
        transcript { language wordTiming wordCount segments(first: 100) { totalCount nodes { text startMs endMs words { text startMs endMs } } } captions(format: SRT) { link { url } } }
        highlights { totalCount nodes { title quote importance range { durationMs } } }
        clips { nodes { title origin cuts { startMs endMs durationMs } poster { contentType } captions { link { url } }
          renditions { preset status file { contentType sizeBytes link { url } } media { durationMs audio { integratedLoudness } video { width height } } } } }
        contents { nodes { kind status current { number sentences { text supported sources { text range { startMs endMs } } }
          body { __typename ... on ThreadBody { posts { text weightedLength } } ... on BlogBody { title markdown } ... on LinkedInBody { text } ... on InstagramBody { caption slides } } } } }
        activeRun { id }
        runs { nodes { status progress isFinal failure { message } stageRuns { stage subject status attempt } } }
      }
    }
  }
`);

describe('a recording goes the whole way', () => {
  let house: House;
  let uploadId: string;
  let events: SeenEvent[];

  beforeAll(async () => {
    house = await openHouse({ level: process.env.TEST_LOG ?? 'silent' });
    uploadId = await sendBytes(house, await sampleTalk());
    const { run, errors } = await finalize(house, uploadId, {
      highlights: { count: 3, minDurationMs: 8_000, maxDurationMs: 40_000 },
      clips: { presets: ['PORTRAIT_1080P'] },
      contents: [{ kind: 'BLOG' }, { kind: 'LINKEDIN' }, { kind: 'TWITTER' }, { kind: 'INSTAGRAM' }],
    });
    expect(errors).toEqual([]);
    events = await house.follow(run?.id ?? '');
  }, 240_000);

  afterAll(() => house[Symbol.asyncDispose]());

  test('events begin with a snapshot, have no gap, never fall back, and end after the final one', () => {
    expect(events[0]?.__typename).toBe('RunSnapshotEvent');
    const numbers = events.map((event) => event.sequence);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    const progress = events.flatMap((event) => (event.__typename === 'StageProgressEvent' ? [event.runProgress] : []));
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(events.at(-1)).toMatchObject({ __typename: 'RunStatusEvent', runStatus: 'SUCCEEDED', isFinal: true });
  });

  test('everything that was asked for is there', async () => {
    const { data, errors } = await house.send(everything, { id: uploadId });
    expect(errors).toBeUndefined();
    console.log(JSON.stringify(data, null, 1).slice(0, 20000));
  });
});
