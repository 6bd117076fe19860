import { Problem } from '#base/problem.ts';
import type { DraftSentence, WritingSource } from '#providers/language-model.ts';
import { hashtagOf, keywordsOf } from './keywords.ts';
import { type Lexicon, lexiconOf } from './lexicon.ts';
import { choosePassages, longestFrom, type Passage, type Wanted } from './passages.ts';
import { type Ranked, ranked } from './ranking.ts';
import { sentencesOf } from './sentences.ts';
import { topicsOf } from './topics.ts';

/** One talk, read once: what every kind of post is cut from. */
export interface Talk {
  readonly lexicon: Lexicon;
  /** Never empty; without greetings and asides where anything else was said. */
  readonly sentences: readonly Ranked[];
  readonly topics: readonly (readonly Ranked[])[];
  readonly wordCount: number;
}

/** A section of an article takes about this many spoken words. */
const wordsPerTopic = 220;
const fewestTopics = 3;
const mostTopics = 6;

/** Reads a talk. Throws MEDIA_NO_SPEECH when its lines have no words. */
export function talkOf(source: WritingSource): Talk {
  const lexicon = lexiconOf(source.language);
  const all = ranked(sentencesOf(source.lines, lexicon), lexicon);
  if (all.length === 0) throw new Problem('MEDIA_NO_SPEECH', { lines: source.lines.length });
  const sentences = all.every(({ noise }) => noise) ? all.map((sentence) => ({ ...sentence, noise: false })) : all;
  const wordCount = sentences.reduce((sum, sentence) => sum + sentence.wordCount, 0);
  const most = Math.min(mostTopics, Math.max(fewestTopics, Math.round(wordCount / wordsPerTopic)));
  return { lexicon, sentences, topics: topicsOf(sentences, { most, lexicon }), wordCount };
}

/** Sentences that stand alone, best first; when none that fits does, the best of all that fit, else of all. */
export function lone({ sentences }: Talk, fits: (sentence: Ranked) => boolean): Ranked[] {
  const printable = sentences.filter(({ noise }) => !noise);
  const fitting = printable.filter(fits);
  const alone = fitting.filter(isAlone);
  const [pool = []] = [alone, fitting, printable].filter(({ length }) => length > 0);
  return [...pool].sort((a, b) => punch(b) - punch(a) || a.at - b.at);
}

/**
 * The sentence that a post opens with: the best that stands alone, rather one of the first than a detail
 * from the middle, none of the closing.
 */
export function hookOf(talk: Talk, { closing, fits }: Edge): Ranked | undefined {
  const { length } = talk.sentences;
  const start = talk.sentences.findIndex(({ noise }) => !noise);
  const early = ({ at }: Ranked): number => Math.max(0, 1 - (5 * (at - start)) / length);
  const inside = ({ at }: Ranked): boolean => at > length * 0.35 && at < length * 0.8;
  const isHook = ({ at, first, wordCount }: Ranked): boolean => !isIn(closing, at) && wordCount >= 4 && fits(first);
  const worth = (sentence: Ranked): number => punch(sentence) + 0.2 * early(sentence) - 0.15 * Number(inside(sentence));
  return lone(talk, isHook).sort((a, b) => worth(b) - worth(a))[0];
}

interface Edge {
  readonly closing: Passage | undefined;
  readonly fits: (text: string) => boolean;
}

/** Whether a sentence can be printed on its own. */
const isAlone = ({ noise, leans, vague, opensMore, leadsOn }: Ranked): boolean =>
  !noise && !leans && !vague && !opensMore && !leadsOn;

/** A hook is short: the score of a sentence of at most 14 words counts full, longer ones fade. */
const punch = ({ score, wordCount }: Ranked): number => score - Math.max(0, wordCount - 14) * 0.02;

/** The sentence in a place where it stands first. */
export const opening = ({ first, lines }: Ranked): DraftSentence => ({ text: first, lines });

/** Hashtags of the talk, strongest first. */
export const hashtagsOf = ({ sentences, lexicon }: Talk, most: number): string[] =>
  keywordsOf(
    sentences.filter(({ noise }) => !noise),
    lexicon,
  )
    .slice(0, most)
    .map(hashtagOf);

/**
 * How the talk ends: from where the speaker sums up, as much as fits; else the best passage of the last fifth. An
 * announcement ("remember this") gives way where the end would not fit beside it.
 */
export function closingOf({ sentences }: Talk, fits: (text: string) => boolean): Passage | undefined {
  const end = sentences.slice(Math.floor(sentences.length * 0.8));
  const from = end.findIndex(({ concludes, leans, noise }) => concludes && !leans && !noise);
  const wanted = { count: 1, mostSentences: 6, fits };
  if (from < 0) return choosePassages([end], { ...wanted, mostSentences: 3 })[0];
  const whole = longestFrom(end.slice(from), wanted);
  const announced = end[from]?.opensMore ? longestFrom(end.slice(from + 1), wanted) : undefined;
  const further = announced && lastOf(announced) > lastOf(whole) ? announced : whole;
  return further ?? choosePassages([end.slice(from)], wanted)[0];
}

const lastOf = (passage: Passage | undefined): number => passage?.sentences.at(-1)?.at ?? -1;

/** Passages of the whole talk that leave out what is used already, and all that comes after the closing. */
export function passagesBetween(
  { topics }: Talk,
  { used, closing, ...wanted }: Wanted & { used: readonly Ranked[]; closing: Passage | undefined },
): Passage[] {
  const places = new Set(used.map(({ at }) => at));
  const left = topicsBefore(topics, closing).map((topic) =>
    topic.map((sentence) => ({ ...sentence, noise: sentence.noise || places.has(sentence.at) })),
  );
  return choosePassages(left, wanted);
}

/** The stretches up to where the closing starts; a stretch that lies behind it is empty. */
export function topicsBefore(topics: Talk['topics'], closing: Passage | undefined): Talk['topics'] {
  const end = closing?.sentences[0]?.at ?? Number.POSITIVE_INFINITY;
  return topics.map((topic) => topic.filter(({ at }) => at < end));
}

/** Whether the sentence at this place of the talk is part of a passage. */
const isIn = (passage: Passage | undefined, at: number): boolean =>
  passage?.sentences.some((sentence) => sentence.at === at) ?? false;
