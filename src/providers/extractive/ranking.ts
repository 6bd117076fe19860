import { tally } from '#language/likeness.ts';
import { echoes } from './echoes.ts';
import type { Lexicon } from './lexicon.ts';
import type { Sentence } from './sentences.ts';

/** A sentence with what it is worth to a reader. */
export interface Ranked extends Sentence {
  /** 0 to 1; comparable inside one talk only. */
  readonly score: number;
  /** Greetings, technical asides, and what was said before in nearly the same words: never printed. */
  readonly noise: boolean;
  /** Cannot be understood without the sentence before it. */
  readonly leans: boolean;
  /** Names something by a pronoun early on: reads badly alone. */
  readonly vague: boolean;
  /** A question or a promise: cannot be the last. */
  readonly opensMore: boolean;
  /** The sentence after it answers it ("so we measured it"): alone it misleads. */
  readonly leadsOn: boolean;
  /** A fragment follows that belongs to it: "Not muted. Deleted." */
  readonly trailed: boolean;
  /** Sums up. */
  readonly concludes: boolean;
  /** After a pause that is long for this speaker. */
  readonly opensParagraph: boolean;
}

/**
 * Ranks the sentences of one talk by how much its topic words fill them, cue words, numbers, place and length. Pure.
 * Weights were set by reading the posts that came out; topic words alone pick long dull sentences, cues alone slogans.
 */
export function ranked(sentences: readonly Sentence[], lexicon: Lexicon): Ranked[] {
  const topicality = shares(topicalities(sentences));
  const repeats = echoes(sentences);
  const paragraphMs = paragraphPauseMs(sentences);
  return sentences.map((sentence, at) => {
    const [before, after] = [sentences[at - 1], sentences[at + 1]];
    const near = after && after.pauseBeforeMs < paragraphMs && !isNoise(after, lexicon) ? after : undefined;
    const opensParagraph = at === 0 || sentence.pauseBeforeMs >= paragraphMs;
    const score =
      0.45 * (topicality[at] ?? 0) +
      0.2 * Number(lexicon.cues.test(sentence.text)) +
      0.1 * Number(lexicon.numbers.test(sentence.text)) +
      0.15 * lengthFit(sentence.wordCount) +
      0.1 * placeFit(at / Math.max(1, sentences.length - 1));
    return {
      ...sentence,
      score,
      noise: repeats.has(at) || isNoise(sentence, lexicon),
      leans: leans(sentence, before, lexicon) || (sentence.bond === 'contrast' && !opensParagraph),
      vague: lexicon.vague.test(sentence.first),
      opensMore: isQuestion(sentence) || lexicon.pointing.test(sentence.text),
      leadsOn: near !== undefined && goesOn(near, lexicon),
      trailed: near !== undefined && near.wordCount < 3,
      concludes: lexicon.conclusion.test(sentence.text),
      opensParagraph,
    };
  });
}

/** Mean weight of a sentence's roots: words said often, but not everywhere in the talk, are what it is about. */
function topicalities(sentences: readonly Sentence[]): number[] {
  const counts = tally(sentences.flatMap((sentence) => sentence.roots));
  const blocks = tally(sentences.flatMap(({ roots, at }) => [...new Set(roots)].map((root) => `${at >> 3} ${root}`)));
  const spread = tally([...blocks.keys()].map((key) => key.slice(key.indexOf(' ') + 1)));
  const all = Math.ceil(sentences.length / 8);
  const weightOf = (root: string): number =>
    Math.log(1 + (counts.get(root) ?? 0)) * Math.log(1 + all / (spread.get(root) ?? 1));
  return sentences.map(({ roots, wordCount }) => {
    const sum = [...new Set(roots)].reduce((total, root) => total + weightOf(root), 0);
    return sum / Math.sqrt(wordCount + 6);
  });
}

/** Each number as the share of numbers that are smaller: free of the scale, deaf to outliers. */
function shares(numbers: readonly number[]): number[] {
  const sorted = [...numbers].sort((a, b) => a - b);
  const places = new Map(sorted.map((number, place) => [number, place]));
  return numbers.map((number) => (places.get(number) ?? 0) / Math.max(1, sorted.length - 1));
}

/** 1 between 7 and 24 words; shorter is a fragment, longer is hard to read away from the voice. */
function lengthFit(words: number): number {
  if (words < 7) return words / 7;
  return words <= 24 ? 1 : Math.max(0, 1 - (words - 24) / 20);
}

/** Speakers promise at the start and conclude at the end. */
const placeFit = (place: number): number => Math.max(0, 1 - Math.min(place, 1 - place) * 6);

/** Half as long again as the usual pause of the talk, 0.9 s at least. */
function paragraphPauseMs(sentences: readonly Sentence[]): number {
  const pauses = sentences.map(({ pauseBeforeMs }) => pauseBeforeMs).sort((a, b) => a - b);
  return Math.max(900, 1.5 * (pauses[pauses.length >> 1] ?? 0));
}

/** Whether a sentence takes up the one before: by its conjunction, or as a few words that say nothing alone. */
const goesOn = ({ bond, wordCount, first }: Sentence, { leaning, vague }: Lexicon): boolean =>
  bond !== null || (wordCount < 8 && (leaning.test(first) || vague.test(first)));

function isNoise(sentence: Sentence, lexicon: Lexicon): boolean {
  if (lexicon.housekeeping.test(sentence.text)) return true;
  return sentence.roots.length === 0 && sentence.wordCount < 3 && !lexicon.numbers.test(sentence.text);
}

/** Also a short answer to a question, and a fragment, lean on what came before. */
function leans(sentence: Sentence, before: Sentence | undefined, lexicon: Lexicon): boolean {
  if (lexicon.leaning.test(sentence.first) || sentence.wordCount < 4) return true;
  return before !== undefined && isQuestion(before) && sentence.wordCount < 8 && sentence.pauseBeforeMs < 1_000;
}

const isQuestion = (sentence: Sentence): boolean => /[?？؟;]["'”’»)\]」]*$/u.test(sentence.text);
