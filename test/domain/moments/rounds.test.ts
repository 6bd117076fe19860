import { describe, expect, test } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { type Moment, weighMoments } from '#domain/moments/moments.ts';
import type { MomentsWanted } from '#domain/moments/rounds.ts';
import type { TranscriptLine } from '#providers/language-model.ts';
import { talkLines } from '../../support/talk.ts';

/** Longer than any part of these talks: moments as long as asked for are too few, or there is none. */
const wanted: MomentsWanted = {
  silences: [],
  count: 5,
  minDurationMs: 150_000,
  maxDurationMs: 600_000,
  language: 'en',
  proposals: null,
};
const slowly = (share: number) => (line: TranscriptLine) => ({
  ...line,
  startMs: sourceMs(line.startMs * share),
  endMs: sourceMs(line.endMs * share),
});
const ofTenMinutes = talkLines.map(slowly(1.7));
const ofOneMinute = talkLines.filter(({ endMs }) => endMs <= 60_000);

const chosen = (lines: readonly TranscriptLine[], more: Partial<MomentsWanted> = {}) =>
  weighMoments(lines, { ...wanted, ...more }).filter(({ rejection }) => rejection === null);
const kept = (moments: readonly Moment[]) => moments.map(({ startMs, endMs }) => ({ startMs, endMs, kept: true }));

describe('where moments as long as asked for are too few', () => {
  test('a talk of ten minutes has four shorter ones', () => {
    expect(ofTenMinutes.at(-1)?.endMs).toBeGreaterThan(600_000);
    const moments = chosen(ofTenMinutes);
    expect(moments).toHaveLength(4);
    expect(moments.some(({ startMs, endMs }) => endMs - startMs < 150_000)).toBe(true);
  });

  test('a talk of one minute has three, or as many as were asked for', () => {
    expect(chosen(ofOneMinute)).toHaveLength(3);
    expect(chosen(ofOneMinute, { count: 2 })).toHaveLength(2);
  });

  test.each([1, 2, 3, 4])('%i that a person kept are as many of the four', (count) => {
    const decided = kept(chosen(ofTenMinutes).slice(0, count));
    expect(chosen(ofTenMinutes, { decided })).toHaveLength(4 - count);
  });

  test.each([1, 2, 3])('%i that a person kept are as many of the three', (count) => {
    const decided = kept(chosen(ofOneMinute).slice(0, count));
    expect(chosen(ofOneMinute, { decided })).toHaveLength(3 - count);
  });

  test('what a person dismissed is none of them', () => {
    const [first] = chosen(ofTenMinutes);
    const decided = kept(first ? [first] : []).map((one) => ({ ...one, kept: false }));
    expect(chosen(ofTenMinutes, { decided })).toHaveLength(4);
  });
});
