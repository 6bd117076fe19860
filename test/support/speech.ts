import * as fc from 'fast-check';
import { type Span, sourceMs, type Word } from '#base/time.ts';

/** Words said one after the other: pairs of text and length, with pauses given as numbers. */
export function said(...parts: readonly (string | number)[]): Word[] {
  let at = 0;
  return parts.flatMap((part) => {
    if (typeof part === 'number') {
      at += part;
      return [];
    }
    return part.split(' ').map((text) => {
      const startMs = sourceMs(at);
      at += 120 + text.length * 50;
      return { text, startMs, endMs: sourceMs(at) };
    });
  });
}

const texts = [
  'a',
  'the',
  'of',
  'index',
  'latency',
  'we',
  'removed',
  'eleven,',
  'because',
  'page.',
  'Ada',
  'Lovelace',
  'is',
];

/** Any speech: words in order with pauses, some of them long. */
export const speech = (
  options: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<Word[]> =>
  fc
    .array(
      fc.record({
        text: fc.constantFrom(...texts),
        lengthMs: fc.integer({ min: 40, max: 900 }),
        pauseMs: fc.oneof(
          { weight: 5, arbitrary: fc.integer({ min: 0, max: 120 }) },
          fc.integer({ min: 300, max: 5000 }),
        ),
      }),
      { minLength: options.minLength ?? 1, maxLength: options.maxLength ?? 120 },
    )
    .map((items) => {
      let at = 0;
      return items.map(({ text, lengthMs, pauseMs }) => {
        const startMs = sourceMs(at + pauseMs);
        at = startMs + lengthMs;
        return { text, startMs, endMs: sourceMs(at) };
      });
    });

/** The pauses of a speech of at least `minMs`. */
export const pausesOf = (words: readonly Word[], minMs: number): Span[] =>
  words.flatMap((word, index) => {
    const startMs = words[index - 1]?.endMs ?? sourceMs(0);
    return word.startMs - startMs >= minMs ? [{ startMs, endMs: word.startMs }] : [];
  });
