import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { mostReaches, reachesOf, totalOf } from '#media/reach.ts';

/** Ordered cuts with gaps between them. */
const cuts = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 90_000 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((pairs) => {
    let at = 0;
    return pairs.map(([gap, length]) => {
      const startMs = sourceMs(at + gap);
      at += gap + length;
      return { startMs, endMs: sourceMs(at) };
    });
  });

describe('reachesOf', () => {
  it('keeps every cut, in order, inside its reach, and reads no long gap', () => {
    fc.assert(
      fc.property(cuts, fc.integer({ min: 0, max: 15_000 }), (ordered, gapMs) => {
        const reaches = reachesOf(ordered, gapMs);
        expect(reaches.flatMap((reach) => reach.cuts)).toEqual(ordered);
        for (const { startMs, endMs, cuts: inside } of reaches) {
          expect([startMs, endMs]).toEqual([inside[0]?.startMs, inside.at(-1)?.endMs]);
          if (reaches.length === mostReaches) continue;
          for (const [at, next] of inside.slice(1).entries()) {
            expect(next.startMs - (inside[at]?.endMs ?? 0)).toBeLessThanOrEqual(gapMs);
          }
        }
        expect(reaches.length).toBeLessThanOrEqual(mostReaches);
        for (const [at, next] of reaches.slice(1).entries()) {
          expect(next.startMs - (reaches[at]?.endMs ?? 0)).toBeGreaterThan(gapMs);
        }
        expect(totalOf(ordered)).toBe(reaches.reduce((sum, reach) => sum + totalOf(reach.cuts), 0));
      }),
    );
  });

  it('reads what lies between the nearest cuts where they would be too many', () => {
    const at = (startMs: number) => ({ startMs: sourceMs(startMs), endMs: sourceMs(startMs + 1000) });
    const many = Array.from({ length: mostReaches }, (_, number) => at(60_000 * number));
    const near = at(60_000 * mostReaches - 49_000);
    const reaches = reachesOf([...many, near]);
    expect(reaches).toHaveLength(mostReaches);
    expect(reaches.at(-1)?.cuts).toEqual([many.at(-1), near]);
  });
});
