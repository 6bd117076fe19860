import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { finalize, type House, openHouse, type SeenEvent, sampleTalk, sendBytes, sha256 } from './support/house.ts';
import { rowIdOf } from './support/talk-run.ts';

const everything = graphql(`
  query Everything($id: ID!) {
    node(id: $id) {
      __typename
      ... on Upload {
        status
        media { durationMs video { width } audio { integratedLoudness } }
        file { sizeBytes sha256 }
        silences(minDurationMs: 300) { startMs endMs }
        transcript { language wordTiming wordCount segments(first: 100) { totalCount nodes { text startMs endMs words { text startMs endMs } } } captions(format: SRT) { link { url } } }
        highlights { totalCount nodes { title quote importance range { durationMs } } }
        clips { nodes { id title origin highlight { importance } cuts { startMs endMs durationMs } poster { contentType } captions { link { url } }
          chapters { title range { startMs } } chapterText(format: WEBVTT)
          renditions { preset status quality { durationErrorMs blackShare constantFrameRate fastStart hasEditLists loudness { integrated truePeak target } } file { contentType sizeBytes link { url } } media { durationMs audio { integratedLoudness } video { width height } } } } }
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
      highlights: { count: 3, minDurationMs: 6_000, maxDurationMs: 20_000 },
      clips: { presets: ['PORTRAIT_1080P'] },
      contents: [{ kind: 'BLOG' }, { kind: 'LINKEDIN' }, { kind: 'TWITTER' }, { kind: 'INSTAGRAM' }],
    });
    if (errors.length > 0) throw new Error(errors[0]?.message);
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

  test('the recording is verified, probed and listened to', async () => {
    const upload = await made();
    expect(upload.status).toBe('READY');
    expect(upload.media?.durationMs).toBeCloseTo(149_730, -2);
    expect(upload.media?.audio?.integratedLoudness).toBeCloseTo(-19.3, 0);
    expect(upload.file?.sha256).toBe(sha256(await sampleTalk()));
    expect(upload.silences.length).toBeGreaterThan(20);
    expect(upload.activeRun).toBeNull();
  });

  test('the transcript has every word of the captions in order, and says that their times are estimated', async () => {
    const { transcript } = await made();
    expect(transcript).toMatchObject({ language: 'en', wordTiming: 'ESTIMATED' });
    const words = transcript?.segments.nodes.flatMap((segment) => segment.words) ?? [];
    expect(words.length).toBe(transcript?.wordCount);
    expect(words.map((word) => word.startMs)).toEqual(words.map((word) => word.startMs).toSorted((a, b) => a - b));
    const said = transcript?.segments.nodes.map((segment) => segment.text).join(' ');
    expect(said).toContain('Three years ago, we lost a recording.');
    expect(await textAt(transcript?.captions?.link?.url)).toMatch(/^1\r?\n00:00:00,7\d\d --> /);
  });

  test('highlights quote the recording, and clips of them are cut, captioned and playable', async () => {
    const { highlights, clips } = await made();
    expect(highlights.totalCount).toBe(3);
    const cut = clips.nodes.filter((clip) => clip.origin === 'HIGHLIGHT');
    expect(cut).toHaveLength(3);
    for (const clip of cut) {
      const [rendition] = clip.renditions;
      const keptMs = clip.cuts.reduce((sum, { durationMs }) => sum + durationMs, 0);
      expect(rendition).toMatchObject({
        preset: 'PORTRAIT_1080P',
        status: 'SUCCEEDED',
        file: { contentType: 'video/mp4' },
      });
      expect(rendition?.media?.video).toMatchObject({ width: 1080, height: 1920 });
      expect(Math.abs((rendition?.media?.durationMs ?? 0) - keptMs)).toBeLessThanOrEqual(40);
      expect(rendition?.media?.audio?.integratedLoudness).toBeGreaterThan(-16);
      expect(clip.poster?.contentType).toBe('image/jpeg');
      expect(await textAt(clip.captions?.link?.url)).toMatch(/^WEBVTT/);
    }
  });

  test('the best clip is cut first, and each file tells what was measured on it', async () => {
    const { clips } = await made();
    const worth = clips.nodes.flatMap(({ id, highlight }) => (highlight ? [{ id, is: highlight.importance }] : []));
    const best = worth.toSorted((a, b) => b.is - a.is);
    const cut = events.flatMap((event) =>
      event.__typename === 'StageStatusEvent' && event.stage === 'CUT' && event.stageStatus === 'SUCCEEDED'
        ? [event.subject]
        : [],
    );
    expect(cut).toEqual(best.map(({ id }) => rowIdOf(id)));
    for (const { quality } of clips.nodes.flatMap(({ renditions }) => renditions)) {
      expect(quality).toMatchObject({ blackShare: 0, constantFrameRate: true, fastStart: true, hasEditLists: false });
      expect(Math.abs(quality?.durationErrorMs ?? 100)).toBeLessThanOrEqual(40);
      expect(quality?.loudness?.target).toBe(-14);
      expect(quality?.loudness?.truePeak).toBeLessThanOrEqual(-1);
    }
  });

  test('the reel plays the highlights in timeline order, a chapter for each', async () => {
    const { clips } = await made();
    const reel = clips.nodes.find((clip) => clip.origin === 'REEL');
    const starts = reel?.cuts.map((span) => span.startMs) ?? [];
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(reel?.renditions[0]?.status).toBe('SUCCEEDED');
    expect(reel?.chapters.map(({ range }) => range.startMs)).toMatchObject([0, expect.any(Number), expect.any(Number)]);
    expect(reel?.chapterText).toMatch(/^WEBVTT\n\n00:00:00\.000 --> /);
  });

  test('each of the four posts is current and every sentence names the words that support it', async () => {
    const { contents } = await made();
    expect(contents.nodes.map((content) => content.kind).toSorted()).toEqual([
      'BLOG',
      'INSTAGRAM',
      'LINKEDIN',
      'TWITTER',
    ]);
    for (const { status, current } of contents.nodes) {
      expect(status).toBe('SUCCEEDED');
      expect(current?.sentences.length).toBeGreaterThan(3);
      expect(current?.sentences.every((sentence) => sentence.supported && sentence.sources.length > 0)).toBe(true);
    }
    const thread = contents.nodes.find((content) => content.kind === 'TWITTER')?.current?.body;
    expect(thread?.__typename === 'ThreadBody' && thread.posts.every((post) => post.weightedLength <= 280)).toBe(true);
  });

  async function made() {
    const { data, errors } = await house.send(everything, { id: uploadId });
    if (errors || data.node?.__typename !== 'Upload')
      throw new Error(errors?.[0]?.message ?? 'the upload is not found');
    return data.node;
  }
});

async function textAt(url: string | undefined): Promise<string> {
  const answer = await fetch(url ?? '');
  expect(answer.status).toBe(200);
  return answer.text();
}
