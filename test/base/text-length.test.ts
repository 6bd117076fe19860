import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { characters, weightedLength } from '#base/text-length.ts';

/** Texts and answers of the public twitter-text conformance suite (validate.yml, emoji-discounting section). */
const known: readonly (readonly [text: string, weight: number])[] = [
  ['This is a test.', 15],
  ['Hi http://test.co', 26],
  ['http://test.co', 23],
  ['test.com', 23],
  ['example.com', 23],
  ['foo.co.jp', 23],
  ['t.co', 23],
  ['Test https://test.com test https://test.com test.com test', 86],
  [`285 chars-${'xxxxxxxxxx-'.repeat(25)}`, 285],
  ['https://www.twitter.com/aloha '.repeat(10), 240],
  ['H🐱☺👨‍👩‍👧‍👦', 7],
  ['😷👾😡🔥💩', 10],
  ['🙋🏽👨‍🎤', 4],
  ['1⃣', 2],
  ['Unicode 10.0 emoji: 🤪; 🧕; 🧕🏾; 🏴󠁧󠁢󠁥󠁮󠁧󠁿', 34],
  ['Unicode 9.0 emoji: 🤠; 💃; 💃🏾', 29],
  ['randomurlrandomurlrandomurlrandomurlrandomurlrandomurlrandomurls.com', 68],
  ['A\u0301B', 2],
  ['故'.repeat(140), 280],
  ['—', 1],
];

describe('the weighted length of a post on X', () => {
  test.each(known)('of %j is %i, as twitter-text counts it', (text, weight) => {
    expect(weightedLength(text)).toBe(weight);
  });

  test('a link ends before the punctuation that closes the sentence', () => {
    expect(weightedLength('See https://example.com/a?b=c.')).toBe(4 + 23 + 1);
  });

  test('names of products and files are not links', () => {
    expect(weightedLength('Node.js reads env.ts')).toBe(20);
  });

  test('an address of mail is counted letter by letter', () => {
    expect(weightedLength('ana@example.com')).toBe(15);
  });

  test('composing accents never changes it', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        expect(weightedLength(text.normalize('NFD'))).toBe(weightedLength(text.normalize('NFC')));
      }),
    );
  });

  test('is never less than half a unit per character a reader sees, nor more than two per code unit and 23 per link', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        const weight = weightedLength(text);
        expect(weight).toBeGreaterThanOrEqual(characters(text) > 0 ? 1 : 0);
        expect(weight).toBeLessThanOrEqual(2 * text.normalize('NFC').length + 23 * text.split('.').length);
      }),
    );
  });

  test('two texts joined by a space weigh as both and the space', () => {
    const text = string({ unit: 'grapheme' }).filter((value) => !/[\s.:/@]/u.test(value) && value.trim() === value);
    assert(
      property(text, text, (a, b) => {
        expect(weightedLength(`${a} ${b}`)).toBe(weightedLength(a) + 1 + weightedLength(b));
      }),
    );
  });
});

describe('characters', () => {
  test('counts a family, a flag and an accent once each', () => {
    expect(characters('👨‍👩‍👧‍👦🇩🇪e\u0301')).toBe(3);
  });
});
