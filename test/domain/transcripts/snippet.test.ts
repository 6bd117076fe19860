import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { searchQuery } from '#domain/transcripts/search-query.ts';
import { marks, snippetOf } from '#domain/transcripts/snippet.ts';

const found = (word: string): string => `${marks.start}${word}${marks.stop}`;

describe('a found sentence', () => {
  test.each([
    ['one word', `We lost ${found('three')} hours.`, ['We lost ', 'three', ' hours.']],
    ['words in a row', `${found('We')} ${found('lost')} three hours.`, ['', 'We lost', ' three hours.']],
    ['the most words in a row', `${found('a')} b ${found('a')} ${found('c')}.`, ['a b ', 'a c', '.']],
    ['the first of several', `${found('a')} b ${found('a')}`, ['', 'a', ' b a']],
    ['letters without spaces', `私は\u001f${found('東')}\u001f\u001f${found('京')}\u001fに`, ['私は', '東京', 'に']],
    ['nothing', 'We lost three hours.', ['We lost three hours.', '', '']],
  ])('is taken apart at %s', (_what, marked, [before, match, after]) => {
    expect(snippetOf(marked)).toEqual({ before, match, after });
  });

  test('in three parts is the sentence itself, whatever is marked in it', () => {
    const word = fc.constantFrom('we', 'lost', 'three', 'hours', '东', '.');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.boolean())), (words) => {
        const { before, match, after } = snippetOf(
          words.map(([text, marked]) => (marked ? found(text) : text)).join(' '),
        );
        expect(before + match + after).toBe(words.map(([text]) => text).join(' '));
      }),
    );
  });
});

describe('a search', () => {
  test.each([
    ['lost  hours ', 'lost  hours'],
    ['e\u0301te\u0301', 'été'],
    ['東京 tower', '"東 京"  tower'],
    ['"東京 tower"', '" 東 京  tower"'],
    ['-東京', '-"東 京" '],
  ])('%j is asked as %j', (typed, asked) => {
    expect(searchQuery(typed)).toBe(asked);
  });

  test.each([
    ['nothing', '', 'at least one word'],
    ['only spaces', ' \n\t ', 'at least one word'],
    ['ten kilobytes', 'x'.repeat(10_240), 'at most 200 characters'],
    ['NUL', 'a\u0000b', 'must not contain NUL'],
    ['half a character', 'a\ud800', 'must not contain NUL or half'],
  ])('for %s is refused', (_what, typed, message) => {
    expect(() => searchQuery(typed)).toThrow(message);
  });
});

test('marks that a text holds itself and never ends are no part of a match', () => {
  expect(snippetOf('\u0002a \u0002found\u0003 b')).toEqual({ before: 'a ', match: 'found', after: ' b' });
  expect(snippetOf('\u0002a'.repeat(100_000)).match).toBe('');
});
