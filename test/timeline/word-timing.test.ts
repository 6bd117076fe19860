import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlaps, type Span, sourceMs } from '#base/time.ts';
import { joinWords, plainWord, spreadWords, wordTexts } from '#timeline/word-timing.ts';

const span = (startMs: number, endMs: number): Span => ({ startMs: sourceMs(startMs), endMs: sourceMs(endMs) });

describe('spreadWords', () => {
  test('gives longer words more time', () => {
    const words = spreadWords({ ...span(0, 1000), text: 'an extraordinary day' }, []);
    expect(words.map((word) => word.endMs - word.startMs)).toEqual([143, 667, 190]);
  });

  test('lets a silence fall between words, rather after a mark', () => {
    const words = spreadWords({ ...span(0, 3000), text: 'First we measure, then we cut.' }, [span(1000, 2000)]);
    expect(words.map(({ text, startMs }) => (startMs < 1500 ? text : `| ${text}`))).toEqual([
      'First',
      'we',
      'measure,',
      '| then',
      '| we',
      '| cut.',
    ]);
    expect(words.some((word) => overlaps(word, span(1000, 2000)))).toBe(false);
  });

  test('every word comes once, in order, inside the cue and outside the silences', () => {
    const texts = fc.array(fc.constantFrom('a', 'word,', 'longer', 'sentence.', '42'), { minLength: 1, maxLength: 15 });
    const silences = fc.array(fc.tuple(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 100, max: 900 })), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(texts, silences, fc.integer({ min: 200, max: 8000 }), (words, pairs, lengthMs) => {
        const cue = { ...span(500, 500 + lengthMs), text: words.join(' ') };
        const gaps = pairs.toSorted((a, b) => a[0] - b[0]).map(([at, length]) => span(at, at + length));
        const spread = spreadWords(cue, gaps);
        expect(spread.map((word) => word.text)).toEqual(words);
        let at = cue.startMs;
        for (const word of spread) {
          expect(word.startMs).toBeGreaterThanOrEqual(at);
          expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
          at = word.endMs;
        }
        expect(at).toBeLessThanOrEqual(cue.endMs);
      }),
    );
  });
});

describe('wordTexts', () => {
  test.each([
    ['He said "no" - twice ...', ['He', 'said', '"no" -', 'twice ...']],
    ['¿Qué tal?', ['¿Qué', 'tal?']],
    ['我们删除了十一个索引。', ['我们', '删除', '了', '十', '一个', '索引。']],
    ['使用GPT-4模型', ['使用', 'GPT-4', '模型']],
    ['', []],
  ])('splits %j', (text, words) => {
    expect(wordTexts(text)).toEqual(words);
  });

  test.each(['He said "no" - twice ...', '我们删除了十一个索引。他们（三人）很高兴。', 'สวัสดีครับ'])(
    'joined again it is %j',
    (text) => {
      expect(joinWords(wordTexts(text))).toBe(text);
    },
  );
});

describe('plainWord', () => {
  test.each([
    ['“We’ll!”', "we'll"],
    ['C++', 'c'],
    ['o.k.', 'o.k'],
    ['a', 'a'],
    ['दो।', 'दो'],
    ['ที่', 'ที่'],
    ['fine ❤️', 'fine'],
    ['…', ''],
    ['', ''],
  ])('compares %s as %s', (text, plain) => {
    expect(plainWord(text)).toBe(plain);
  });

  test('takes no longer by the square of the marks inside a word', () => {
    expect(plainWord(`a${'.'.repeat(100_000)}b`)).toHaveLength(100_002);
  }, 15_000);
});
