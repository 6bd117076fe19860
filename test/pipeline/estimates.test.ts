import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateOf } from '#pipeline/estimates.ts';
import { plannedStages, probeOnly, type Recipe } from '#pipeline/recipe.ts';

const everything: Recipe = {
  ...probeOnly,
  transcript: true,
  highlights: { count: 3, minDurationMs: 10_000, maxDurationMs: 60_000, topics: [] },
  clips: {
    presets: ['LANDSCAPE_720P', 'PORTRAIT_1080P'],
    captionStyle: 'SIDECAR',
    removeSilences: false,
    safeArea: 'EVERYWHERE',
    removeFillers: false,
    reel: true,
  },
  contents: [{ kind: 'BLOG', language: null, tone: null, maxLength: null }],
};
const paid = { transcription: 'whisper-1', language: 'gpt-4.1-mini' };
const local = { transcription: null, language: null };
const hour = { durationMs: 3_600_000, picture: true };
const unitsOf = (...args: Parameters<typeof estimateOf>) =>
  Object.fromEntries(estimateOf(...args).map(({ stage, units }) => [stage, units]));

describe('an estimate', () => {
  test('is made for each planned stage', () => {
    expect(estimateOf(everything, hour, paid).map(({ stage }) => stage)).toEqual(plannedStages(everything));
    expect(estimateOf(probeOnly, hour, paid).map(({ costMicros }) => costMicros)).toEqual([0]);
  });

  test('counts every clip in every shape, but never more of a shape than there is recording', () => {
    const units = unitsOf(everything, hour, paid);
    expect(units.cut).toMatchObject({ RENDERED_MS: 2 * 3 * 60_000 });
    expect(units.reel).toMatchObject({ RENDERED_MS: 3 * 60_000 });
    expect(unitsOf(everything, { ...hour, durationMs: 90_000 }, paid).cut).toMatchObject({ RENDERED_MS: 180_000 });
  });

  test('of one clip counts its own length in each of its shapes', () => {
    for (const stage of ['cut', 'reel'] as const) {
      const render = { clipId: crypto.randomUUID(), stage, durationMs: 30_000 };
      const alone = { ...probeOnly, clips: everything.clips, render };
      expect(unitsOf(alone, hour, paid)).toMatchObject({ [stage]: { RENDERED_MS: 60_000 } });
    }
  });

  test('knows one shape of a recording without a picture', () => {
    expect(unitsOf(everything, { ...hour, picture: false }, paid).cut).toMatchObject({ RENDERED_MS: 180_000 });
  });

  test('of what this machine does itself has no tokens and no price of a vendor', () => {
    const stages = estimateOf(everything, hour, local);
    expect(stages.flatMap(({ units }) => Object.keys(units))).not.toContain('INPUT_TOKENS');
    expect(stages.find(({ stage }) => stage === 'transcribe')).toMatchObject({ costMicros: 0 });
    const heard = estimateOf(everything, hour, paid).find(({ stage }) => stage === 'transcribe');
    expect(heard).toMatchObject({ costMicros: 360_000, units: { AUDIO_MS: 3_600_000 } });
  });

  test('never falls for a longer recording, and is made of whole numbers', () => {
    const ms = fc.integer({ min: 1, max: 10_800_000 });
    fc.assert(
      fc.property(ms, ms, fc.boolean(), (one, more, picture) => {
        const [short, long] = [one, one + more].map((durationMs) =>
          estimateOf(everything, { durationMs, picture }, paid),
        );
        for (const [at, estimate] of (short ?? []).entries()) {
          expect(Object.values(estimate.units).every(Number.isInteger)).toBe(true);
          expect(long?.[at]?.seconds).toBeGreaterThanOrEqual(estimate.seconds);
          expect(long?.[at]?.costMicros).toBeGreaterThanOrEqual(estimate.costMicros);
        }
      }),
    );
  });
});
