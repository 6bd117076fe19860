import { expect, test } from 'vitest';
import { wordsOfPieces } from '#providers/whisper/words.ts';

const pieces = (...texts: string[]) => texts.map((text, at) => ({ text, t0: at * 100, t1: (at + 1) * 100 }));

test.each([
  { heard: [' transc', 'ription', '.', ' So'], words: ['transcription.', 'So'] },
  { heard: ['Hello', ',', ' it', "'s", ' 9', ':', '30'], words: ['Hello,', "it's", '9:30'] },
  { heard: [' one', ' ', 'two', '  '], words: ['one', 'two'] },
  { heard: [' 今天', '天气', '。'], words: ['今天', '天气。'] },
  { heard: [' ', ''], words: [] },
])('$heard are $words', ({ heard, words }) => {
  expect(wordsOfPieces(pieces(...heard)).map((word) => word.text)).toEqual(words);
});

test('a word lasts from its first token to its last', () => {
  expect(wordsOfPieces(pieces(' a', 'b', 'c'))).toEqual([{ text: 'abc', startMs: 0, endMs: 300 }]);
});

test('a token that ends before it starts has no length', () => {
  expect(wordsOfPieces([{ text: ' a', t0: 500, t1: 100 }])).toEqual([{ text: 'a', startMs: 500, endMs: 500 }]);
});
