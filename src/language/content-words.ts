import { leans } from '#captions/caption-lines.ts';
import { plainWord, wordTexts } from '#timeline/word-timing.ts';
import { baseLanguage, stopWords } from './stop-words.ts';

/** A word of content: how it is compared and how it was written. */
export interface ContentWord {
  readonly plain: string;
  readonly written: string;
  /** Position in its line, counting every word. */
  readonly at: number;
  /** A mark follows: no phrase goes on over it. */
  readonly endsPhrase: boolean;
}

/** Splits lines into words of content, without the language's stop words. */
export function contentWords(language: string): (text: string) => ContentWord[] {
  const stopped = stopWords(language);
  return (text) =>
    wordTexts(text).flatMap((word, at) => {
      const plain = plainWord(word);
      const written = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
      const shortLatin = plain.length < 3 && /^\p{Script=Latin}*$/u.test(plain) && !/^\p{Lu}{2}$/u.test(written);
      return plain === '' || shortLatin || stopped.has(plain) || /^\p{N}/u.test(plain)
        ? []
        : [{ plain, written, at, endsPhrase: /\p{P}$/u.test(word) }];
    });
}

const englishNounMarkers = new Set(
  'a an the this these those my your his her its our their some any every each no of in on at for from with by about into over under per two three four five six seven eight nine ten twenty hundred thousand million many several few same'.split(
    ' ',
  ),
);

/** Whether the next word is likely a noun: an article or a preposition, in other languages any word that leans. */
export const marksNoun = (word: string, language: string): boolean =>
  baseLanguage(language) === 'en' ? englishNounMarkers.has(plainWord(word)) : leans(word, language);

/** Lower-case words with single spaces and a space at both ends: phrases are found in it as whole words. */
export const searchable = (text: string): string => ` ${wordTexts(text).map(plainWord).filter(Boolean).join(' ')} `;
