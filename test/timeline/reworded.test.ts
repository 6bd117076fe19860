import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Span, sourceMs, type Word } from '#base/time.ts';
import { refitted, reworded } from '#timeline/reworded.ts';
import { plainWord } from '#timeline/word-timing.ts';

const word = (text: string, startMs: number, endMs: number): Word => ({
  text,
  startMs: sourceMs(startMs),
  endMs: sourceMs(endMs),
});

const sentence = (words: readonly Word[], [startMs, endMs]: [number, number]) => ({
  words,
  startMs: sourceMs(startMs),
  endMs: sourceMs(endMs),
});

const said = sentence(
  [word('We', 1_000, 1_200), word('lost', 1_200, 1_500), word('three', 1_700, 2_000), word('hours.', 2_000, 2_600)],
  [1_000, 2_600],
);
const shown = (words: readonly Word[]): string[] =>
  words.map(({ text, startMs, endMs }) => `${text} ${startMs}-${endMs}`);

describe('a changed text', () => {
  test('puts another word into the time of the one it replaces, and moves no other', () => {
    expect(shown(reworded(said, 'We saved three hours.'))).toEqual([
      'We 1000-1200',
      'saved 1200-1500',
      'three 1700-2000',
      'hours. 2000-2600',
    ]);
  });

  test('gives a word that was missed between two others some time of the longer one, by letters', () => {
    expect(shown(reworded(said, 'We nearly lost three full hours.'))).toEqual([
      'We 1000-1200',
      'nearly 1200-1375',
      'lost 1375-1500',
      'three 1700-2000',
      'full 2000-2273',
      'hours. 2273-2600',
    ]);
  });

  test('gives a word that was missed the pause it was said in', () => {
    const paused = sentence([word('We', 0, 200), word('lost', 900, 1_200)], [0, 1_200]);
    expect(shown(reworded(paused, 'We nearly lost'))).toEqual(['We 0-200', 'nearly 200-900', 'lost 900-1200']);
  });

  test('leaves the time of a word that is taken out empty', () => {
    expect(shown(reworded(said, 'We lost hours.'))).toEqual(['We 1000-1200', 'lost 1200-1500', 'hours. 2000-2600']);
  });

  test('with other capitals and marks is the same words, as sure as before', () => {
    const sure = sentence([{ ...word('we', 0, 200), confidence: 0.9 }, word('lost', 200, 500)], [0, 500]);
    expect(reworded(sure, '“We” lost!')).toEqual([
      { ...word('“We”', 0, 200), confidence: 0.9 },
      word('lost!', 200, 500),
    ]);
  });

  test('that is another one altogether is spread over the whole sentence', () => {
    expect(shown(reworded(said, 'Nothing remained'))).toEqual(['Nothing 1000-1753', 'remained 1753-2600']);
  });

  test('in a script without spaces keeps its words, too', () => {
    const chinese = sentence([word('我们', 0, 400), word('删除', 400, 900), word('索引。', 900, 1_500)], [0, 1_500]);
    expect(shown(reworded(chinese, '我们增加索引。'))).toEqual(['我们 0-400', '增加 400-900', '索引。 900-1500']);
  });
});

test('thousands of words that share the time of thousands of others take no longer by their square', () => {
  const heard = Array.from({ length: 15_000 }, (_, at) => word(`w${at}`, at * 100, at * 100 + 80));
  expect(refitted(sentence(heard, [500_000, 1_500_000]))).toHaveLength(15_000);
}, 15_000);

/** Sentences as recognisers make them: words of 80 ms and more, apart or right behind each other. */
const sentences = fc
  .array(
    fc.record({
      text: fc.constantFrom('the', 'recording', 'was', 'lost,', 'we', 'found', 'it', 'again.', 'Yes!'),
      lengthMs: fc.integer({ min: 80, max: 600 }),
      pauseMs: fc.constantFrom(0, 0, 0, 40, 300),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((spoken) => {
    let at = 5_000;
    const words = spoken.map(({ text, lengthMs, pauseMs }) => {
      const said = word(text, at, at + lengthMs);
      at += lengthMs + pauseMs;
      return said;
    });
    return sentence(words, [5_000, Math.max(at, 5_080)]);
  });

const texts = fc.array(fc.constantFrom('the', 'Recording', 'is', 'lost', 'we', 'found', 'everything', 'again'), {
  minLength: 1,
  maxLength: 12,
});

const inside = (words: readonly Span[], { startMs, endMs }: Span): boolean =>
  words.every((one, at) => one.startMs >= (words[at - 1]?.endMs ?? startMs) && one.endMs >= one.startMs) &&
  words.every((one) => one.endMs <= endMs);

describe('any text', () => {
  test('comes back word by word, in order, inside the sentence', () => {
    fc.assert(
      fc.property(sentences, texts, (before, wanted) => {
        const after = reworded(before, wanted.join(' '));
        expect(after.map(({ text }) => text)).toEqual(wanted);
        expect(inside(after, before)).toBe(true);
      }),
    );
  });

  test('that was not changed changes no time', () => {
    fc.assert(
      fc.property(sentences, (before) => {
        expect(reworded(before, before.words.map(({ text }) => text).join(' '))).toEqual(before.words);
      }),
    );
  });

  test('that replaces one word leaves all others where they were', () => {
    fc.assert(
      fc.property(sentences, fc.nat(), (before, pick) => {
        const at = pick % before.words.length;
        const wanted = before.words.map(({ text }, place) => (place === at ? 'otherwise' : text));
        const after = reworded(before, wanted.join(' '));
        expect(after.toSpliced(at, 1)).toEqual(before.words.toSpliced(at, 1));
      }),
    );
  });

  test('that takes words out leaves those that stay where they were', () => {
    fc.assert(
      fc.property(sentences, fc.nat(), (before, pick) => {
        const at = pick % before.words.length;
        const left = before.words.toSpliced(at, 1);
        fc.pre(
          left.length > 0 && new Set(before.words.map(({ text }) => plainWord(text))).size === before.words.length,
        );
        expect(reworded(before, left.map(({ text }) => text).join(' '))).toEqual(left);
      }),
    );
  });
});
