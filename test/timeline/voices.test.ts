import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Span, sourceMs } from '#base/time.ts';
import { speechChunks } from '#timeline/cuts.ts';
import { stitch } from '#timeline/stitch.ts';
import { namedAlike, type VoicedPart, type VoicedWord } from '#timeline/voices.ts';

const span = (startMs: number, endMs: number): Span => ({ startMs: sourceMs(startMs), endMs: sourceMs(endMs) });
const word = (startMs: number, speaker: string): VoicedWord => ({
  text: 'so',
  speaker,
  ...span(startMs, startMs + 400),
});
const namesIn = (part: VoicedPart | undefined) => part?.words.map(({ speaker }) => speaker);

describe('namedAlike', () => {
  test('a voice keeps its name where it speaks in what two parts share', () => {
    const [, second] = namedAlike([
      { ...span(0, 10_000), words: [word(1000, 'A'), word(7000, 'B'), word(9000, 'A')] },
      { ...span(6000, 20_000), words: [word(7000, 'A'), word(9000, 'B'), word(15_000, 'A')] },
    ]);
    expect(namesIn(second)).toEqual(['B', 'A', 'B']);
  });

  test('whoever is silent there is somebody new, and nobody takes over a name', () => {
    const [, second, third] = namedAlike([
      { ...span(0, 10_000), words: [word(1000, 'A'), word(9000, 'B')] },
      { ...span(8000, 20_000), words: [word(9000, 'A'), word(15_000, 'B')] },
      { ...span(20_000, 30_000), words: [word(21_000, 'A')] },
    ]);
    expect(namesIn(second)).toEqual(['B', 'C']);
    expect(namesIn(third)).toEqual(['D']);
  });

  test('voices that are not told apart stay without names', () => {
    const parts = [{ ...span(0, 10_000), words: [{ text: 'so', ...span(1000, 1400) }] }];
    expect(namedAlike(parts)).toEqual(parts);
  });

  test('two voices of one part never get one name, whatever the parts share', () => {
    const said = fc.array(fc.tuple(fc.nat(60_000), fc.constantFrom('A', 'B', 'C')), { maxLength: 40 });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 5 }), (parts) => {
        const named = namedAlike(
          parts.map((words) => ({ ...span(0, 60_000), words: words.map((one) => word(...one)) })),
        );
        for (const [at, part] of named.entries()) {
          const pairs = new Set(part.words.map(({ speaker }, index) => `${parts[at]?.[index]?.[1]}=${speaker}`));
          expect(pairs.size).toBe(new Set(part.words.map(({ speaker }) => speaker)).size);
          expect(pairs.size).toBe(new Set(parts[at]?.map(([, speaker]) => speaker)).size);
        }
      }),
    );
  });

  test('two who take turns stay the same two through any number of chunks, however each chunk calls them', () => {
    fc.assert(
      fc.property(dialogue, fc.array(fc.boolean(), { minLength: 1 }), (words, swaps) => {
        const chunks = speechChunks([], sourceMs((words.at(-1)?.endMs ?? 0) + 500), {
          maxMs: 40_000,
          sharedMs: 10_000,
        });
        const heard = chunks.map((chunk, at) => {
          const [ada, bob] = swaps[at % swaps.length] ? ['B', 'A'] : ['A', 'B'];
          const inside = words.filter((one) => chunk.startMs <= one.startMs && one.endMs <= chunk.endMs);
          return { ...chunk, words: inside.map((one) => ({ ...one, speaker: one.speaker === 'Ada' ? ada : bob })) };
        });
        const said = stitch(namedAlike(heard));
        const names = new Set(said.map(({ text, speaker }) => `${Number(text) % 4 < 2} ${speaker}`));
        expect(said.length).toBe(words.length);
        expect(names.size).toBe(2);
      }),
      { numRuns: 50 },
    );
  });
});

/** Ada and Bob, two words each in turn: both speak in any ten seconds. */
const dialogue = fc
  .array(fc.tuple(fc.integer({ min: 100, max: 600 }), fc.integer({ min: 0, max: 300 })), {
    minLength: 120,
    maxLength: 250,
  })
  .map((lengths) => {
    let at = 0;
    return lengths.map(([lengthMs, pauseMs], index) => {
      const one = { ...span(at, at + lengthMs), text: String(index), speaker: index % 4 < 2 ? 'Ada' : 'Bob' };
      at += lengthMs + pauseMs;
      return one;
    });
  });
