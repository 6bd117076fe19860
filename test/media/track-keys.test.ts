import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { type Tracking, trackKeys } from '#media/track-keys.ts';

const tracking: Tracking = { pictureWidth: 1920, windowWidth: 608, scenesMs: [] };
/** Two sightings a second, from shares of the width. */
const seenAt = (xs: readonly number[]) => xs.map((x, at) => ({ atMs: sourceMs(at * 500), x: x * 1920 }));

describe('trackKeys', () => {
  it('stands still before somebody who stands still, however the detector trembles', () => {
    const trembling = Array.from({ length: 60 }, (_, at) => 0.5 + 0.012 * Math.sin(at * 2.3));
    expect(trackKeys(seenAt(trembling), tracking)).toHaveLength(1);
  });

  it('drops a single wrong sighting', () => {
    const wrong = Array.from({ length: 40 }, (_, at) => (at === 20 ? 0.95 : 0.3));
    expect(trackKeys(seenAt(wrong), tracking)).toEqual([{ atMs: 0, x: 576, cut: false }]);
  });

  it('follows somebody who walks, and keeps them inside the window', () => {
    const walk = Array.from({ length: 80 }, (_, at) => Math.min(0.8, Math.max(0.2, 0.2 + (at - 10) * 0.012)));
    const keys = trackKeys(seenAt(walk), tracking);
    for (const { atMs, x } of seenAt(walk)) {
      expect(Math.abs(xAt(keys, atMs) - x)).toBeLessThan(608 / 2);
    }
    expect(xAt(keys, 40_000) / 1920).toBeCloseTo(0.8, 1);
  });

  it('jumps at a change of scene, at its very millisecond', () => {
    const sides = Array.from({ length: 40 }, (_, at) => (at < 20 ? 0.25 : 0.75));
    const keys = trackKeys(seenAt(sides), { ...tracking, scenesMs: [sourceMs(9_900)] });
    expect(keys).toEqual([
      { atMs: 0, x: 480, cut: false },
      { atMs: 9_900, x: 1440, cut: true },
    ]);
  });

  it('moves at most once a second, in order of time, inside the picture, whatever it is shown', () => {
    const shown = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 120 });
    const scenes = fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 5 });
    fc.assert(
      fc.property(shown, scenes, (xs, at) => {
        const scenesMs = [...new Set(at)].sort((a, b) => a - b).map(sourceMs);
        const keys = trackKeys(seenAt(xs), { ...tracking, scenesMs });
        const starts = keys.filter((key, index) => key.x !== keys[index + 1]?.x && !keys[index + 1]?.cut).slice(0, -1);
        for (const [index, key] of keys.entries()) {
          expect(key.atMs).toBeGreaterThan(keys[index - 1]?.atMs ?? -1);
          expect(key.x).toBeGreaterThanOrEqual(0);
          expect(key.x).toBeLessThanOrEqual(1920);
        }
        const soon = starts.filter((start, index) => {
          const before = starts[index - 1];
          const jumped = scenesMs.some((scene) => before && before.atMs < scene && scene <= start.atMs);
          return before && !jumped && start.atMs - before.atMs < 1000;
        });
        expect(soon).toEqual([]);
      }),
    );
  });
});

/** As the plan is played: straight between keys, jumping at cuts. */
function xAt(keys: ReturnType<typeof trackKeys>, atMs: number): number {
  const next = keys.findIndex((key) => key.atMs > atMs);
  const last = keys[next < 0 ? keys.length - 1 : next - 1];
  const after = next < 0 ? undefined : keys[next];
  if (!last || !after || after.cut) return last?.x ?? 0;
  return last.x + ((after.x - last.x) * (atMs - last.atMs)) / (after.atMs - last.atMs);
}
