import { characters } from '#base/text-length.ts';
import type { Draft, DraftSentence, WritingSource } from '#providers/language-model.ts';
import { keywordsOf } from './keywords.ts';
import { choosePassages, type Passage, printed, textOf } from './passages.ts';
import type { Ranked } from './ranking.ts';
import { capitalised } from './sentences.ts';
import { closingOf, isAlone, lone, opening, type Talk, topicsBefore } from './talk.ts';

type Blog = Extract<Draft, { kind: 'BLOG' }>;
type Section = Blog['sections'][number];

/** An article reads in five minutes; a short talk keeps three quarters of its words. */
const mostArticleWords = 1_000;
const keptShare = 0.75;
/** Characters to a word with its space and marks, for a caller who counts in characters. */
const charactersPerWord = 7;

/** An article of the speaker's own sentences: a section for each stretch of the talk, its best passages in order. */
export function blogOf(talk: Talk, source: WritingSource): Blog {
  const title = titleOf(talk);
  return {
    kind: 'BLOG',
    title: headline(title),
    excerpt: excerptOf(talk, title),
    sections: sectionsOf(talk, wordsOfArticle(talk, source)),
    quote: quoteOf(talk, title),
    tags: tagsOf(talk),
  };
}

const wordsOfArticle = ({ wordCount }: Talk, { maxLength }: WritingSource): number =>
  Math.min(mostArticleWords, wordCount * keptShare, (maxLength ?? Number.POSITIVE_INFINITY) / charactersPerWord);

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

const tagsOf = ({ sentences, lexicon }: Talk): string[] =>
  keywordsOf(sentences, lexicon)
    .slice(0, 6)
    .map(({ text }) => text);

/** The article's body ends as the talk does. */
function sectionsOf(talk: Talk, words: number): Section[] {
  const closing = closingOf(talk, () => true);
  const share = words / talk.wordCount;
  const sections: Section[] = [];
  for (const topic of topicsBefore(talk.topics, closing)) {
    const passages = chapterOf(topic, share);
    const heading = headingOf(topic, { talk, taken: sections.map((section) => section.heading) });
    if (passages.length > 0) sections.push({ heading, paragraphs: passages.map(printed) });
  }
  const last = sections.at(-1);
  if (last === undefined) return [wholeTalk(talk)];
  if (closing === undefined) return sections;
  return sections.with(sections.length - 1, { ...last, paragraphs: [...last.paragraphs, printed(closing)] });
}

/** Passages of one stretch until its share of the article is full. */
function chapterOf(topic: readonly Ranked[], share: number): Passage[] {
  const words = share * topic.reduce((sum, { wordCount }) => sum + wordCount, 0);
  const wanted = { count: Math.max(1, Math.round(words / 55)), mostSentences: 7, leastSentences: 2, fits: () => true };
  const passages = choosePassages([topic], wanted);
  return passages.length > 0 ? passages : choosePassages([topic], { ...wanted, leastSentences: 1 });
}

/** A short sentence of the stretch that stands alone; else the words it keeps coming back to; none twice. */
function headingOf(topic: readonly Ranked[], { talk, taken }: { talk: Talk; taken: readonly string[] }): string {
  const short = topic.filter(({ wordCount, first }) => wordCount <= 8 && characters(first) <= 60).filter(isAlone);
  const sentences = short.sort((a, b) => b.score - a.score).map(({ first }) => first.replace(/[.。]$/u, ''));
  const keywords = keywordsOf(topic, talk.lexicon).map(({ text }) => capitalised(text));
  return [...sentences, ...keywords].find((heading) => !taken.includes(heading)) ?? '';
}

/** So little was said that no passage stands alone: all of it, as it was said. */
const wholeTalk = ({ sentences }: Talk): Section => ({
  heading: '',
  paragraphs: [sentences.filter(({ noise }) => !noise).map(({ text, lines }) => ({ text, lines }))],
});
