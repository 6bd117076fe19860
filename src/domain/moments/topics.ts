import { wordTexts } from '#timeline/word-timing.ts';
import { found, lexiconOf } from './lexicon.ts';
import { baseLanguage, type ContentWord, contentWords, marksNoun } from './words.ts';

/** A word or a few neighbours, how it is written best, and how much it says about the moment. */
interface Term {
  readonly plain: string;
  readonly written: string;
  readonly score: number;
}

/** What each term of the talk looks like: how often, how often as a noun, and how it is written. */
interface Vocabulary {
  readonly lineCount: number;
  readonly termsOf: (text: string) => ContentWord[];
  readonly uses: ReadonlyMap<string, Use>;
}

interface Use {
  lines: number;
  /** Seen right after an article or the like, or with a capital inside a sentence. */
  asNoun: number;
  readonly spellings: Map<string, number>;
}

/** Counts the terms of a whole talk once, for the topics of all its moments. */
export function vocabularyOf(texts: readonly string[], language: string): Vocabulary {
  const contentOf = topicWords(language);
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

/** Words of content without those that announce something: "lesson" is no topic. */
function topicWords(language: string): (text: string) => ContentWord[] {
  const contentOf = contentWords(language);
  const { cues, numbers } = lexiconOf(language);
  const announces = new Map<string, boolean>();
  return (text) =>
    contentOf(text).filter(({ plain }) => {
      const known = announces.get(plain) ?? found([...cues, ...numbers], plain) > 0;
      announces.set(plain, known);
      return !known;
    });
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

/** Two to four terms that tell the moment from the rest of the talk, as the speaker writes them, best first. */
export function topicsOf(texts: readonly string[], vocabulary: Vocabulary): string[] {
  const counts = new Map<string, number>();
  for (const term of texts.flatMap(vocabulary.termsOf)) counts.set(term.plain, (counts.get(term.plain) ?? 0) + 1);
  const terms = [...counts].map(([plain, count]) => scored(plain, count, vocabulary)).sort((a, b) => b.score - a.score);
  const chosen: Term[] = [];
  for (const term of terms) {
    if (chosen.length < 4 && !chosen.some((other) => saysTheSame(other.plain, term.plain))) chosen.push(term);
  }
  return chosen
    .filter((term, index) => index < 2 || term.score >= (chosen[0]?.score ?? 0) * 0.4)
    .map((term) => term.written);
}

function scored(plain: string, count: number, { lineCount, uses }: Vocabulary): Term {
  const use = uses.get(plain);
  const lines = use?.lines ?? 1;
  const rare = Math.log(1 + lineCount / lines);
  const noun = 0.15 + Math.min(1, (use?.asNoun ?? 0) / lines);
  const phrase = plain.includes(' ') ? (lines >= 2 ? 1 + 0.4 * (plain.split(' ').length - 1) : 0.4) : 1;
  const once = lines === 1 ? 0.6 : 1;
  const verbal = /(?:ed|ing|ly|n't)$/.test(plain) ? 0.4 : 1;
  const [written = plain] = [...(use?.spellings ?? [])].sort((a, b) => b[1] - a[1])[0] ?? [];
  return { plain, written, score: count ** 0.7 * rare * noun * phrase * once * verbal };
}

/** One holds the other, or they are one word in singular and plural. */
function saysTheSame(a: string, b: string): boolean {
  const stems = (term: string): string[] => term.split(' ').map((word) => word.replace(/(?:e?s|en|n)$/, ''));
  return stems(a).some((stem) => stems(b).includes(stem));
}
