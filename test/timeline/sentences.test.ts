import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceMs, type Word } from '#base/time.ts';
import { type Spoken, sentences } from '#timeline/sentences.ts';
import { said, speech } from '../support/speech.ts';

const segment = (words: readonly Word[], speaker?: string): Spoken => ({
  startMs: words[0]?.startMs ?? sourceMs(0),
  endMs: words.at(-1)?.endMs ?? sourceMs(0),
  text: words.map((word) => word.text).join(' '),
  words,
  ...(speaker !== undefined && { speaker }),
});

const textsOf = (words: readonly Word[]): string[] => sentences([segment(words)]).map((sentence) => sentence.text);

describe('sentences', () => {
  test.each([
    ['We asked Dr. Smith. He knew.', ['We asked Dr. Smith.', 'He knew.']],
    [
      'It costs 3.5 million, e.g. in Berlin. J. R. Tolkien wrote it!',
      ['It costs 3.5 million, e.g. in Berlin.', 'J. R. Tolkien wrote it!'],
    ],
    ['We sell nuts etc. Then we rest.', ['We sell nuts etc.', 'Then we rest.']],
    ['Well... maybe not. "Really?" Yes.', ['Well... maybe not.', '"Really?"', 'Yes.']],
    ['So did I. Nobody cared.', ['So did I.', 'Nobody cared.']],
  ])('splits %j', (text, expected) => {
    expect(textsOf(said(text))).toEqual(expected);
  });

  test('joins cues that break mid sentence and keeps the times of their words', () => {
    const words = said('Writes dropped from forty milliseconds to nine.');
    const found = sentences([segment(words.slice(0, 3)), segment(words.slice(3))]);
    expect(found).toEqual([segment(words)]);
  });

  test('never mixes two speakers', () => {
    const [question, answer] = [said('Are you'), said(1500, 'sitting down?')];
    const found = sentences([segment(question, 'A'), segment(answer, 'B')]);
    expect(found.map(({ text, speaker }) => [speaker, text])).toEqual([
      ['A', 'Are you'],
      ['B', 'sitting down?'],
    ]);
  });

  test('splits speech without punctuation at its pauses', () => {
    const words = said(
      'so this is what we did back then',
      900,
      'we took all of it and threw it away',
      900,
      'and nothing broke',
    );
    expect(textsOf(words)).toEqual([
      'so this is what we did back then',
      'we took all of it and threw it away',
      'and nothing broke',
    ]);
  });

  test('cuts endless speech into pieces of at most 30 words', () => {
    const found = textsOf(said(Array.from({ length: 200 }, () => 'word').join(' ')));
    expect(Math.max(...found.map((text) => text.split(' ').length))).toBeLessThanOrEqual(30);
    expect(Math.min(...found.map((text) => text.split(' ').length))).toBeGreaterThan(5);
  });

  test('finds sentences where words have no spaces', () => {
    const cue = { startMs: sourceMs(0), endMs: sourceMs(6000), text: '我们删除了十一个索引。系统变快了！', words: [] };
    expect(sentences([cue]).map((sentence) => sentence.text)).toEqual(['我们删除了十一个索引。', '系统变快了！']);
  });

  test('every word comes once and in order', () => {
    fc.assert(
      fc.property(speech(), fc.integer({ min: 1, max: 12 }), (words, size) => {
        const segments = Array.from({ length: Math.ceil(words.length / size) }, (_, index) =>
          segment(words.slice(index * size, (index + 1) * size)),
        );
        expect(sentences(segments).flatMap((sentence) => sentence.words)).toEqual(words);
      }),
    );
  });
});
