import { type Vocabulary, vocabularyOf } from '#language/vocabulary.ts';
import { found, lexiconOf } from './lexicon.ts';

/** A word or a few neighbours, how it is written best, and how much it says about the moment. */
interface Term {
  readonly plain: string;
  readonly written: string;
  readonly score: number;
}

/** The terms of a whole talk without those that announce something: "lesson" is no topic. */
export function topicVocabulary(texts: readonly string[], language: string): Vocabulary {
  const { cues, numbers } = lexiconOf(language);
  const announces = new Map<string, boolean>();
  const isWanted = (plain: string): boolean => {
    const known = announces.get(plain) ?? found([...cues, ...numbers], plain) > 0;
    announces.set(plain, known);
    return !known;
  };
  return vocabularyOf(texts, { language, isWanted });
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
