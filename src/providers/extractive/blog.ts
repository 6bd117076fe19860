import { characters } from '#base/text-length.ts';
import type { Draft, DraftSentence, WritingSource } from '#providers/language-model.ts';
import { keywordsOf } from './keywords.ts';
import { choosePassages, type Passage, printed, textOf } from './passages.ts';
import type { Ranked } from './ranking.ts';
import { isAlone, lone, opening, type Talk } from './talk.ts';

type Blog = Extract<Draft, { kind: 'BLOG' }>;

/** An article reads in five minutes; a short talk keeps two thirds of its words. */
const mostArticleWords = 1_000;
const keptShare = 0.75;

/** An article of the speaker's own sentences: a section for each stretch of the talk, its best passages in order. */
export function blogOf(talk: Talk, source: WritingSource): Blog {
  const title = titleOf(talk);
  const words = Math.min(
    mostArticleWords,
    talk.wordCount * keptShare,
    (source.maxLength ?? Number.POSITIVE_INFINITY) / 7,
  );
  const chapters = talk.topics.map((topic) => ({
    topic,
    passages: chapterOf(topic, (words * wordsIn(topic)) / talk.wordCount),
  }));
  const told = chapters.filter(({ passages }) => passages.length > 0);
  return {
    kind: 'BLOG',
    title: headline(title),
    excerpt: excerptOf(talk, title),
    sections: told.length > 0 ? told.map((chapter) => sectionOf(chapter, talk)) : [wholeTalk(talk)],
    quote: quoteOf(talk, title),
    tags: keywordsOf(talk.sentences, talk.lexicon)
      .slice(0, 6)
      .map(({ text }) => text),
  };
}

const wordsIn = (sentences: readonly Ranked[]): number => sentences.reduce((sum, { wordCount }) => sum + wordCount, 0);

const headline = (sentence: Ranked): DraftSentence => ({
  text: sentence.first.replace(/[.。]$/u, ''),
  lines: sentence.lines,
});

const titleOf = (talk: Talk): Ranked =>
  best(
    lone(talk, ({ first, wordCount }) => wordCount >= 4 && characters(first) <= 80),
    talk,
  );

/** One or two sentences that a result page shows whole. */
function excerptOf({ topics }: Talk, title: Ranked): DraftSentence {
  const left = topics.flat().filter(({ at }) => at !== title.at);
  const early = left.slice(0, Math.ceil(left.length / 2));
  const wanted = { count: 1, mostSentences: 2, fits: (text: string) => characters(text) <= 160 };
  const [passage] = [...choosePassages([early], { ...wanted, leastSentences: 2 }), ...choosePassages([left], wanted)];
  if (passage === undefined) return opening(title);
  return { text: textOf(passage), lines: passage.sentences.flatMap(({ lines }) => lines) };
}

function quoteOf(talk: Talk, title: Ranked): DraftSentence | null {
  const fits = ({ at, first, wordCount }: Ranked): boolean =>
    at !== title.at && wordCount >= 6 && characters(first) <= 120;
  const quote = lone(talk, fits).find((sentence) => fits(sentence) && sentence.at > talk.sentences.length / 3);
  return quote ? opening(quote) : null;
}

function best(sentences: readonly Ranked[], { sentences: [any] }: Talk): Ranked {
  const sentence = sentences[0] ?? any;
  if (sentence === undefined) throw new Error('A talk has at least one sentence');
  return sentence;
}

/** Passages of one stretch until its share of the article is full. */
function chapterOf(topic: readonly Ranked[], words: number): Passage[] {
  const wanted = { count: Math.max(1, Math.round(words / 55)), mostSentences: 7, leastSentences: 2, fits: () => true };
  const passages = choosePassages([topic], wanted);
  return passages.length > 0 ? passages : choosePassages([topic], { ...wanted, leastSentences: 1 });
}

function sectionOf(
  { topic, passages }: { topic: readonly Ranked[]; passages: readonly Passage[] },
  talk: Talk,
): Blog['sections'][number] {
  return { heading: headingOf(topic, talk), paragraphs: passages.map(printed) };
}

/** A short sentence of the stretch that stands alone; else the words it keeps coming back to. */
function headingOf(topic: readonly Ranked[], talk: Talk): string {
  const short = topic.filter(({ wordCount, first }) => wordCount <= 8 && characters(first) <= 60);
  const [sentence] = short.filter(isAlone).sort((a, b) => b.score - a.score);
  if (sentence) return sentence.first.replace(/[.。]$/u, '');
  const [keyword] = keywordsOf(topic, talk.lexicon);
  return keyword ? keyword.text.slice(0, 1).toLocaleUpperCase() + keyword.text.slice(1) : '';
}

/** So little was said that no passage stands alone: all of it, as it was said. */
const wholeTalk = ({ sentences }: Talk): Blog['sections'][number] => ({
  heading: '',
  paragraphs: [sentences.filter(({ noise }) => !noise).map(({ text, lines }) => ({ text, lines }))],
});
