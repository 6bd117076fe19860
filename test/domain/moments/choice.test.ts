import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Candidate } from '#domain/moments/candidates.ts';
import { judged } from '#domain/moments/choice.ts';

const candidate = (from: number, to: number, score: number): Candidate => ({ from, to, score, worth: score });
const unlike = () => 0;
const oneTopic = { topicOf: () => 0, topicCount: 1 };
const open = { alike: unlike, ...oneTopic, decided: [] };

const rejections = (...asked: Parameters<typeof judged>) => judged(...asked).map(({ rejection }) => rejection);

describe('judged', () => {
  test('takes the best, and says of the others why not', () => {
    const candidates = [candidate(0, 4, 1), candidate(3, 8, 0.9), candidate(10, 14, 0.8), candidate(20, 24, 0.7)];
    expect(rejections(candidates, { ...open, count: 2 })).toEqual([null, 'OVERLAPS', null, 'OUTSCORED']);
  });

  test('of two that say the same takes one, and a different one instead of the other', () => {
    const candidates = [candidate(0, 4, 1), candidate(10, 14, 0.9), candidate(20, 24, 0.6)];
    const alike = (a: { from: number }, b: { from: number }) => (a.from < 20 && b.from < 20 ? 1 : 0);
    expect(rejections(candidates, { ...open, count: 2, alike })).toEqual([null, 'TOO_SIMILAR', null]);
  });

  test('takes two of one topic while there are others', () => {
    const candidates = [candidate(0, 1, 1), candidate(2, 3, 0.9), candidate(4, 5, 0.8), candidate(30, 31, 0.5)];
    const topics = { topicOf: ({ from }: { from: number }) => (from < 20 ? 0 : 1), topicCount: 2 };
    expect(rejections(candidates, { ...open, ...topics, count: 3 })).toEqual([null, null, 'TOPIC_FULL', null]);
  });

  test('what a person dismissed is not taken again, and nothing beside what one kept', () => {
    const candidates = [candidate(0, 4, 1), candidate(10, 14, 0.9), candidate(20, 24, 0.8), candidate(30, 34, 0.7)];
    const decided = [
      { from: 1, to: 5, kept: false },
      { from: 13, to: 16, kept: true },
    ];
    expect(rejections(candidates, { ...open, count: 2, decided })).toEqual([
      'DISMISSED',
      'OVERLAPS',
      null,
      'OUTSCORED',
    ]);
  });

  test('beyond four nothing is taken that is far below the best', () => {
    const candidates = [1, 0.9, 0.8, 0.7, 0.1].map((score, at) => candidate(at * 10, at * 10 + 4, score));
    expect(rejections(candidates, { ...open, count: 5 })).toEqual([null, null, null, null, 'OUTSCORED']);
  });

  test('chosen ones share no line with each other or with kept ones, and every other one has its reason', () => {
    const run = fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 8 })).map(([from, more]) => ({ from, to: from + more }));
    const candidates = fc
      .array(fc.tuple(run, fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 30 })
      .map((found) =>
        found.map(([{ from, to }, score]) => candidate(from, to, score)).sort((a, b) => b.score - a.score),
      );
    const decided = fc.array(
      fc.tuple(run, fc.boolean()).map(([at, kept]) => ({ ...at, kept })),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(candidates, decided, fc.integer({ min: 1, max: 15 }), (found, said, count) => {
        const all = judged(found, { ...open, count, decided: said });
        const chosen = all.filter(({ rejection }) => rejection === null);
        const kept = said.filter((one) => one.kept);
        expect(all).toHaveLength(found.length);
        expect(chosen.length).toBeLessThanOrEqual(Math.max(0, count - kept.length));
        for (const [at, one] of chosen.entries()) {
          const others = [...chosen.slice(at + 1), ...kept];
          expect(others.filter((other) => one.from <= other.to && other.from <= one.to)).toEqual([]);
        }
      }),
    );
  });
});
