import { choosePassages, type Passage } from './passages.ts';
import type { Ranked } from './ranking.ts';
import { closingOf, type Talk, topicsBefore } from './talk.ts';

/** What an article shows of one stretch of the talk, in order. */
export type Chapter = readonly Passage[];

/** Spoken words that fill one paragraph. */
const wordsPerPassage = 45;

/** The best of each stretch until its share of `words` is full, and how the talk ends. */
export function chaptersOf(talk: Talk, words: number): { chapters: readonly Chapter[]; closing: Chapter } {
  const closing = closingOf(talk, () => true);
  const share = words / talk.wordCount;
  const chapters = topicsBefore(talk.topics, closing).map((topic) => chapterOf(topic, share));
  const shown = chapters.filter((chapter) => chapter.length > 0);
  if (shown.length === 0) return { chapters: [[closing ?? wholeTalk(talk)]], closing: [] };
  return { chapters: shown, closing: closing ? [closing] : [] };
}

function chapterOf(topic: readonly Ranked[], share: number): Chapter {
  const words = share * topic.reduce((sum, { wordCount }) => sum + wordCount, 0);
  const count = Math.max(1, Math.round(words / wordsPerPassage));
  const wanted = { count, mostSentences: 7, leastSentences: 2, fits: () => true };
  const passages = choosePassages([topic], wanted);
  return passages.length > 0 ? passages : choosePassages([topic], { ...wanted, leastSentences: 1 });
}

/** So little was said that no passage stands alone: all of it, as it was said. */
const wholeTalk = ({ sentences }: Talk): Passage => ({ sentences: sentences.filter(({ noise }) => !noise), score: 0 });
