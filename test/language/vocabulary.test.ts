import { describe, expect, test } from 'vitest';
import { vocabularyOf } from '#language/vocabulary.ts';

const usesOf = (language: string, ...texts: readonly string[]) =>
  vocabularyOf(texts, { language, isWanted: () => true }).uses;

describe('the vocabulary of a talk', () => {
  test('takes a word after an article or a preposition for a noun, one before another noun not', () => {
    const uses = usesOf('en', 'The wooden table is in a queue.', 'We queue.');
    expect(uses.get('queue')).toMatchObject({ lines: 2, asNoun: 1 });
    expect(uses.get('wooden')).toMatchObject({ asNoun: 0 });
    expect(uses.get('wooden table')).toMatchObject({ asNoun: 1 });
  });

  test('takes a capital inside a sentence for a noun, in German as the language writes it', () => {
    expect(usesOf('en', 'Then I met Rossi.').get('rossi')).toMatchObject({ asNoun: 1 });
    expect(usesOf('de', 'Wir lesen morgens Bücher.').get('bücher')).toMatchObject({ asNoun: 1 });
  });

  test('lets no term go on over a mark', () => {
    expect([...usesOf('en', 'The flour, dough rises.').keys()]).not.toContain('flour dough');
  });

  test('leaves out the words that are not wanted', () => {
    const { uses } = vocabularyOf(['The flour rises.'], { language: 'en', isWanted: (plain) => plain !== 'flour' });
    expect([...uses.keys()]).toEqual(['rises']);
  });
});
