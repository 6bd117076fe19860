import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { finalize, type House, openHouse, sendBytes } from '../../support/house.ts';
import { jobCount } from '../../support/queue.ts';

let house: House;
let uploadId: string;

beforeAll(async () => {
  house = await openHouse({ worker: false });
});
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(async () => {
  uploadId = await sendBytes(house, crypto.getRandomValues(new Uint8Array(500)));
});

type Given = Parameters<typeof finalize> extends [unknown, unknown, ...infer Rest] ? Rest : never;

const highlights = { count: 4 };
const posts: Given[0] = { highlights, contents: [{ kind: 'BLOG', tone: 'plain' }] };
const vtt = 'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nHello there.\n';
const captions: Given[1] = { format: 'VTT', language: 'en', text: vtt };

const rows = async () => {
  const { prisma } = house.database;
  const [runs, sidecars, jobs] = await Promise.all([
    prisma.run.count(),
    prisma.captionSidecar.count(),
    jobCount(house.database),
  ]);
  return { runs, sidecars, jobs };
};

describe('an upload that was finalized with a recipe and captions', () => {
  test.each<[what: string, ...Given]>([
    ['all of it again', posts, captions],
    ['what has a default said aloud', { ...posts, highlights: { ...highlights, minDurationMs: 15_000 } }, captions],
    ['the recipe alone', posts],
    ['the captions alone', undefined, captions],
    ['nothing', undefined],
  ])('gives the same answer to %s', async (...[, ...given]) => {
    const first = await finalize(house, uploadId, posts, captions);
    const between = await rows();
    expect(await finalize(house, uploadId, ...given)).toEqual(first);
    expect(await rows()).toEqual(between);
  });

  test.each<[what: string, field: string, ...Given]>([
    ['another recipe', 'thenRun', { highlights: { count: 5 } }, captions],
    ['a recipe that asks for more', 'thenRun', { ...posts, clips: { presets: ['SQUARE_1080P'] } }],
    ['other words', 'captions', posts, { ...captions, text: vtt.replace('Hello', 'Howdy') }],
    ['captions in another format', 'captions', posts, { ...captions, format: 'SRT' }],
    ['captions in no language', 'captions', undefined, { ...captions, language: null }],
  ])('refuses %s, and changes nothing', async (...[, field, ...given]) => {
    await finalize(house, uploadId, posts, captions);
    const between = await rows();
    const { errors, upload, run } = await finalize(house, uploadId, ...given);
    expect(errors).toMatchObject([{ code: 'INVALID_STATE', path: ['input', field] }]);
    expect({ upload, run }).toEqual({ upload: null, run: null });
    expect(await rows()).toEqual(between);
  });
});

describe('an upload that was finalized with nothing', () => {
  test('takes no recipe any more, and says what does', async () => {
    await finalize(house, uploadId);
    const { errors, run } = await finalize(house, uploadId, { transcript: true });
    expect(errors).toMatchObject([{ code: 'INVALID_STATE', message: expect.stringContaining('startRun') }]);
    expect(run).toBeNull();
  });

  test('takes no captions any more', async () => {
    await finalize(house, uploadId);
    const { errors, run } = await finalize(house, uploadId, undefined, captions);
    expect(errors).toMatchObject([{ code: 'INVALID_STATE', path: ['input', 'captions'] }]);
    expect(run).toBeNull();
  });
});

test('of five that finalize with recipes of their own at the same moment one has its way, and only that one is told so', async () => {
  const before = await rows();
  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map((count) => finalize(house, uploadId, { highlights: { count } })),
  );
  expect(answers.flatMap(({ errors }) => errors.map(({ code }) => code))).toEqual(Array(4).fill('INVALID_STATE'));
  expect(answers.filter(({ run }) => run)).toHaveLength(1);
  expect(await rows()).toEqual({ ...before, runs: before.runs + 1, jobs: before.jobs + 1 });
});
