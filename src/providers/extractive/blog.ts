import { characters } from '#base/text-length.ts';
import type { Draft, DraftSentence, WritingSource } from '#providers/language-model.ts';
import { type Chapter, chaptersOf } from './chapters.ts';
import { type Section, sectionsOf, withoutStop } from './headings.ts';
import { keywordsOf } from './keywords.ts';
import { choosePassages, type Passage, printed, textOf } from './passages.ts';
import type { Ranked } from './ranking.ts';
import { hookOf, lone, type Talk } from './talk.ts';
import { capitalised } from './tidied.ts';

type Blog = Extract<Draft, { kind: 'BLOG' }>;

/** An article reads in five minutes; a short talk keeps most of its words. */
const mostArticleWords = 1_000;
const keptShare = 0.85;
/** Characters to a word with its space and marks, for a caller who counts in characters. */
const charactersPerWord = 7;
const mostTitle = 80;
const mostQuote = 120;
/** A result page shows this much. */
const mostExcerpt = 160;
const mostTags = 6;

/** An article of the speaker's own sentences: a section for each stretch of the talk, its best passages in order. */
export function blogOf(talk: Talk, source: WritingSource): Blog {
  const title = titleOf(talk);
  const { chapters, closing } = chaptersOf(talk, wordsOfArticle(talk, source));
  const sections = sectionsOf(goingOn(chapters, title), closing, talk);
  const quote = quoteOf(talk, { title, sections });
  return {
    kind: 'BLOG',
    title: { text: withoutStop(title.first), lines: title.lines },
    excerpt: excerptOf(talk, { title, sections, quote }),
    sections: sections.map(({ heading, passages }) => ({ heading, paragraphs: passages.map(printed) })),
    quote: quote && repeated(quote, talk),
    tags: keywordsOf(talk.sentences, talk.lexicon)
      .slice(0, mostTags)
      .map(({ text }) => text),
  };
}

const wordsOfArticle = ({ wordCount }: Talk, { maxLength }: WritingSource): number =>
  Math.min(mostArticleWords, wordCount * keptShare, (maxLength ?? Number.POSITIVE_INFINITY) / charactersPerWord);

function titleOf(talk: Talk): Ranked {
  const title =
    hookOf(talk, { closing: undefined, fits: (text) => characters(text) <= mostTitle }) ?? talk.sentences[0];
  if (title === undefined) throw new Error('A talk has at least one sentence');
  return title;
}

interface Article {
  readonly title: Ranked;
  readonly sections: readonly Section[];
}

/** The article goes on from its title and does not say it again. */
function goingOn(chapters: readonly Chapter[], title: Ranked): readonly Chapter[] {
  const [[first, ...passages] = [], ...others] = chapters;
  if (first === undefined || first.sentences[0]?.at !== title.at) return chapters;
  const rest = first.sentences.slice(1);
  if (rest.length > 0) return [[{ ...first, sentences: rest }, ...passages], ...others];
  return passages.length > 0 ? [passages, ...others] : chapters;
}

/** The line to remember, out of the last two thirds and not from the paragraphs that the quote stands between. */
function quoteOf(talk: Talk, { title, sections: [first, second] }: Article): Ranked | null {
  const around = [...(first?.passages ?? []), ...(second?.passages.slice(0, 1) ?? [])];
  const near = new Set([title.at, ...placesOf(around)]);
  const fits = ({ at, first, wordCount }: Ranked): boolean =>
    !near.has(at) && at > talk.sentences.length / 3 && wordCount >= 6 && characters(first) <= mostQuote;
  const strength = (sentence: Ranked): number => sentence.score + 0.25 * Number(isLesson(sentence, talk));
  const strongest = lone(talk, fits).filter(fits);
  return strongest.sort((a, b) => strength(b) - strength(a))[0] ?? null;
}

/** "If you remember one thing, remember this": said in the sentence, or in the one before it. */
function isLesson({ first, at }: Ranked, { sentences, lexicon }: Talk): boolean {
  const before = sentences[at - 1];
  return lexicon.prefaces.test(first) || (before?.concludes === true && before.opensMore);
}

/** The quote without the words that lead to it. */
const repeated = ({ first, lines }: Ranked, { lexicon }: Talk): DraftSentence => ({
  text: capitalised(first.replace(lexicon.prefaces, '')),
  lines,
});

/** One or two sentences that make curious: not the opening of a section, rather what the article leaves out. */
function excerptOf({ topics }: Talk, { title, sections, quote }: Article & { quote: Ranked | null }): DraftSentence {
  const opening = [...(sections[0]?.passages ?? []), ...sections.flatMap(({ passages }) => passages.slice(0, 1))];
  const near = new Set([title.at, quote?.at, ...placesOf(opening)]);
  const shown = new Set(placesOf(sections.flatMap(({ passages }) => passages)));
  const headings = new Set(sections.map(({ heading }) => heading));
  const left = topics.map((topic) =>
    topic.map((sentence) => ({
      ...sentence,
      noise: sentence.noise || near.has(sentence.at) || headings.has(withoutStop(sentence.first)),
      score: sentence.score + 0.1 * Number(!shown.has(sentence.at)),
    })),
  );
  const wanted = { count: 1, mostSentences: 2, fits: (text: string) => characters(text) <= mostExcerpt };
  const [passage] = [2, 1].flatMap((leastSentences) => choosePassages([left.flat()], { ...wanted, leastSentences }));
  if (passage === undefined) return { text: title.first, lines: title.lines };
  return { text: textOf(passage), lines: passage.sentences.flatMap(({ lines }) => lines) };
}

const placesOf = (passages: readonly Passage[]): number[] =>
  passages.flatMap(({ sentences }) => sentences.map(({ at }) => at));
