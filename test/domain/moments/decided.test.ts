import { expect, test } from 'vitest';
import { type Moment, weighMoments } from '#domain/moments/moments.ts';
import { talkLines } from '../../support/talk.ts';

const wanted = {
  silences: [],
  count: 4,
  minDurationMs: 15_000,
  maxDurationMs: 60_000,
  language: 'en',
  proposals: null,
};
const weighed = weighMoments(talkLines, wanted);
const chosenOf = (moments: readonly Moment[]) => moments.filter(({ rejection }) => rejection === null);
const spanOf = (moment: Moment | undefined, kept: boolean) => {
  if (!moment) throw new Error('nothing was chosen');
  return { startMs: moment.startMs, endMs: moment.endMs, kept };
};
const [best, second] = chosenOf(weighed);

test('a dismissed moment is not proposed again, and says why', () => {
  const again = weighMoments(talkLines, { ...wanted, decided: [spanOf(best, false)] });
  const same = again.find(({ firstLine, lastLine }) => firstLine === best?.firstLine && lastLine === best.lastLine);
  expect(same?.rejection).toBe('DISMISSED');
  expect(chosenOf(again)).toHaveLength(4);
});

test('a kept moment counts, and nothing is chosen over it', () => {
  const again = chosenOf(weighMoments(talkLines, { ...wanted, decided: [spanOf(best, true)] }));
  expect(again).toHaveLength(3);
  for (const { startMs, endMs } of again)
    expect(endMs <= (best?.startMs ?? 0) || startMs >= (best?.endMs ?? 0)).toBe(true);
});

test('what is like something accepted gains, what is like something dismissed loses, both a little', () => {
  const scoreOf = (kept: boolean) =>
    weighMoments(talkLines, { ...wanted, decided: [spanOf(best, kept)] }).find(
      ({ firstLine, lastLine }) => firstLine === second?.firstLine && lastLine === second.lastLine,
    )?.importance ?? 0;
  const before = second?.importance ?? 0;
  expect(scoreOf(true)).toBeGreaterThan(before);
  expect(scoreOf(true)).toBeLessThanOrEqual(before + 0.1);
  expect(scoreOf(false)).toBeLessThan(before);
  expect(scoreOf(false)).toBeGreaterThanOrEqual(before - 0.15);
});

test('the same talk and the same decisions give the same moments', () => {
  expect(weighMoments(talkLines, wanted)).toEqual(weighed);
});
