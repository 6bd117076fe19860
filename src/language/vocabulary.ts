import { wordTexts } from '#timeline/word-timing.ts';
import { type ContentWord, contentWords, marksNoun } from './content-words.ts';
import { baseLanguage } from './stop-words.ts';

/** What each term of the talk looks like: how often, how often as a noun, and how it is written. */
export interface Vocabulary {
  readonly lineCount: number;
  readonly termsOf: (text: string) => ContentWord[];
  readonly uses: ReadonlyMap<string, Use>;
}

export interface Use {
  lines: number;
  /** Seen right after an article or the like, or with a capital inside a sentence. */
  asNoun: number;
  readonly spellings: Map<string, number>;
}

/** Counts the terms of a whole talk once. `isWanted` sees each word of content in lower case, as often as it is said. */
export function vocabularyOf(
  texts: readonly string[],
  { language, isWanted }: { language: string; isWanted: (plain: string) => boolean },
): Vocabulary {
  const wordsOf = contentWords(language);
  const contentOf = (text: string): ContentWord[] => wordsOf(text).filter(({ plain }) => isWanted(plain));
  const uses = new Map<string, Use>();
  for (const text of texts) {
    const words = wordTexts(text);
    const content = contentOf(text);
    for (const term of withNeighbours(content)) {
      const use = uses.get(term.plain) ?? { lines: 0, asNoun: 0, spellings: new Map<string, number>() };
      use.lines += 1;
      if (standsAsNoun(term, { content, before: words[term.at - 1] ?? '', language })) use.asNoun += 1;
      const spelling = spelledOf(term, language);
      use.spellings.set(spelling, (use.spellings.get(spelling) ?? 0) + 1);
      uses.set(term.plain, use);
    }
  }
  return { lineCount: texts.length, termsOf: (text) => withNeighbours(contentOf(text)), uses };
}

interface Place {
  readonly content: readonly ContentWord[];
  readonly before: string;
  readonly language: string;
}

/** The last of its phrase, with an article or an attribute before it; or a name. "Busy" in "a busy table" is not. */
function standsAsNoun(term: ContentWord, { content, before, language }: Place): boolean {
  if (term.at > 0 && /^\p{Lu}/u.test(term.written)) return true;
  const after = term.at + term.plain.split(' ').length;
  const goesOn = !term.endsPhrase && content.some((word) => word.at === after);
  const attribute = content.some((word) => word.at === term.at - 1 && !word.endsPhrase);
  return !goesOn && (marksNoun(before, language) || attribute);
}

/** A capital at the start of a sentence says nothing, save in German, where it may be a noun. */
const spelledOf = (term: ContentWord, language: string): string =>
  term.at > 0 || baseLanguage(language) === 'de' || /^\p{Lu}{2}/u.test(term.written)
    ? term.written
    : term.written.charAt(0).toLowerCase() + term.written.slice(1);

/** Single words, and two or three that stand side by side with no mark between them. */
function withNeighbours(words: readonly ContentWord[]): ContentWord[] {
  const grown = (terms: readonly ContentWord[]): ContentWord[] =>
    terms.flatMap((term) => {
      const next = words.find((word) => word.at === term.at + term.plain.split(' ').length);
      if (!next || term.endsPhrase) return [];
      return [
        { ...next, plain: `${term.plain} ${next.plain}`, written: `${term.written} ${next.written}`, at: term.at },
      ];
    });
  const pairs = grown(words);
  return [...words, ...pairs, ...grown(pairs)];
}
