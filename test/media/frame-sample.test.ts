import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { frameSample } from '#media/frame-sample.ts';

const pixels = new Uint8Array(1);

function sampled(timesMs: readonly number[], kept = { limit: 20, apartMs: 2_000 }): readonly number[] {
  const sample = frameSample(kept);
  for (const atMs of timesMs) sample.take({ atMs: sourceMs(atMs), pixels });
  return sample.kept().timesMs;
}

it('keeps pictures far enough apart, and all of those while they are few', () => {
  expect(sampled([0, 1_000, 2_000, 3_999, 4_000, 9_000])).toEqual([0, 2_000, 4_000, 9_000]);
});

it('never keeps more than its limit, nor leaves a gap of more than twice the others', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 500, max: 9_000 }), (count, everyMs) => {
      const timesMs = Array.from({ length: count }, (_, at) => at * everyMs);
      const kept = sampled(timesMs);
      expect(kept.length).toBeLessThanOrEqual(20);
      expect(kept[0]).toBe(0);
      const gaps = kept.slice(1).map((atMs, at) => atMs - (kept[at] ?? 0));
      const widest = Math.max(0, ...gaps);
      expect(widest).toBeLessThanOrEqual(2 * Math.min(widest, ...gaps) + everyMs);
      expect((timesMs.at(-1) ?? 0) - (kept.at(-1) ?? 0)).toBeLessThanOrEqual(Math.max(widest, 2_000) + everyMs);
    }),
  );
});
