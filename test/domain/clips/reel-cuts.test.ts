import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationOf, type Span, sourceMs } from '#base/time.ts';
import { fadesInOf } from '#domain/clips/chapters-column.ts';
import { reelOf } from '#domain/clips/reel-cuts.ts';
import { mostCuts } from '#timeline/cuts.ts';
import { timeMap } from '#timeline/time-map.ts';

const span = (startMs: number, endMs: number): Span => ({ startMs: sourceMs(startMs), endMs: sourceMs(endMs) });
const shown = (title: string, ...cuts: Span[]) => ({ title, cuts });

describe('a reel', () => {
  test('plays in timeline order and fades over from one highlight to the next, not inside one', () => {
    const best = shown('Best', span(50_000, 54_000), span(55_000, 60_000));
    const first = shown('First', span(10_000, 20_000));
    const { cuts, chapters } = reelOf([best, first]);
    expect(cuts).toEqual([span(10_000, 19_900), span(50_100, 54_000), span(55_000, 60_000)]);
    expect(chapters).toEqual([
      { title: 'First', atMs: 10_000, fadesIn: false },
      { title: 'Best', atMs: 50_100, fadesIn: true },
    ]);
    expect(fadesInOf(cuts, chapters)).toEqual(new Set([1]));
  });

  test('shows the pause that neighbours share once, and does not fade there', () => {
    const { cuts, chapters } = reelOf([shown('One', span(0, 5000)), shown('Two', span(4800, 9000))]);
    expect(cuts).toEqual([span(0, 9000)]);
    expect(chapters).toEqual([
      { title: 'One', atMs: 0, fadesIn: false },
      { title: 'Two', atMs: 4800, fadesIn: false },
    ]);
  });

  test('has no more cuts than a clip may have, taken off its highlights as they have them', () => {
    const talk = (title: string, startMs: number, count: number) =>
      shown(title, ...Array.from({ length: count }, (_, at) => span(startMs + 1000 * at, startMs + 1000 * at + 900)));
    const { cuts, chapters } = reelOf([talk('One', 0, 300), talk('Two', 400_000, 100)]);
    expect(cuts).toHaveLength(mostCuts);
    expect(cuts.filter(({ startMs }) => startMs < 400_000)).toHaveLength(150);
    expect(chapters.map(({ title }) => title)).toEqual(['One', 'Two']);
    expect([cuts[0]?.startMs, cuts.at(-1)?.endMs]).toEqual([0, 499_900]);
  });

  test('does not fade over a cut that is hardly longer than the fade, nor nine times', () => {
    const brief = reelOf([shown('One', span(0, 5000), span(6000, 6400)), shown('Two', span(9000, 12_000))]);
    expect(brief.chapters.map(({ fadesIn }) => fadesIn)).toEqual([false, false]);
    const nine = Array.from({ length: 9 }, (_, at) => shown(`${at}`, span(at * 10_000, at * 10_000 + 5000)));
    expect(reelOf(nine).chapters.some(({ fadesIn }) => fadesIn)).toBe(false);
    expect(reelOf(nine.slice(1)).chapters.filter(({ fadesIn }) => fadesIn)).toHaveLength(7);
  });

  test('never shows what its highlights do not, nor anything twice, and its chapters come in order', () => {
    const highlight = fc.record({
      gap: fc.integer({ min: -300, max: 5000 }),
      length: fc.integer({ min: 300, max: 9000 }),
    });
    fc.assert(
      fc.property(fc.array(highlight, { minLength: 2, maxLength: 10 }), (pieces) => {
        let at = 1000;
        const highlights = pieces.map(({ gap, length }, index) => {
          const startMs = Math.max(at + gap, index * 10);
          at = Math.max(at, startMs + length);
          return shown(`${index}`, span(startMs, startMs + length));
        });
        const { cuts, chapters } = reelOf(highlights);
        const map = timeMap(cuts);
        const places = chapters.map(({ atMs }) => map.toClip(atMs));
        expect(places).toEqual([...places].sort((a, b) => a - b));
        const faded = chapters.filter(({ fadesIn }) => fadesIn).length;
        expect(fadesInOf(cuts, chapters).size).toBe(faded);
        const covered = new Set(highlights.flatMap(({ cuts: own }) => own.flatMap(eachTenMs)));
        const kept = cuts.reduce((sum, cut) => sum + durationOf(cut), 0);
        expect(kept).toBeLessThanOrEqual(covered.size * 10 + 20 * cuts.length);
      }),
    );
  });
});

const eachTenMs = ({ startMs, endMs }: Span): number[] =>
  Array.from({ length: Math.ceil(endMs / 10) - Math.floor(startMs / 10) }, (_, at) => Math.floor(startMs / 10) + at);
