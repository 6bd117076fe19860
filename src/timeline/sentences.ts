import { type Span, sourceMs, type Word } from '#base/time.ts';
import { joinWords, plainWord, spreadWords } from './word-timing.ts';

/** What was heard between two times: a recogniser's segment or a caption cue. */
export interface Spoken extends Span {
  readonly text: string;
  readonly words: readonly Word[];
  readonly speaker?: string;
}

/** A sentence of one speaker, with at least one word. */
export type Sentence = Spoken;

interface SpokenWord extends Span {
  readonly text: string;
  readonly word: Word;
  readonly speaker: string | undefined;
}

/** A pause that ends any sentence, also one without a full stop. */
const endingPauseMs = 2000;
/** In speech without punctuation a pause this long separates thoughts. */
const thoughtPauseMs = 600;
/** Longest sentence kept whole; above it is cut at its best place. */
const limits = { punctuated: { words: 60, ms: 30_000 }, bare: { words: 30, ms: 12_000 } } as const;

/**
 * Sentence-sized units from segments or cues in order: joined where a cue breaks mid sentence, split where one holds
 * several. Every word comes once, in order. Speech without punctuation is split at pauses and by length.
 */
export function sentences(segments: readonly Spoken[]): Sentence[] {
  const words = segments.flatMap(wordsOf);
  return splitWhere(words, endsSentence)
    .flatMap((piece) => (isBare(piece) ? splitWhere(piece, endsThought) : [piece]))
    .flatMap(withinLimits)
    .map(sentenceOf);
}

const wordsOf = (segment: Spoken): SpokenWord[] =>
  (segment.words.length > 0 ? segment.words : spreadWords(segment, [])).map((word) => ({
    startMs: word.startMs,
    endMs: word.endMs,
    text: word.text,
    word,
    speaker: segment.speaker,
  }));

type Boundary = (word: SpokenWord, next: SpokenWord) => boolean;

function splitWhere(words: readonly SpokenWord[], ends: Boundary): SpokenWord[][] {
  const pieces: SpokenWord[][] = [];
  let piece: SpokenWord[] = [];
  for (const [index, word] of words.entries()) {
    piece.push(word);
    const next = words[index + 1];
    if (next !== undefined && !ends(word, next)) continue;
    pieces.push(piece);
    piece = [];
  }
  return pieces;
}

const pauseBetween = (word: Span, next: Span): number => next.startMs - word.endMs;

const endsSentence: Boundary = (word, next) =>
  word.speaker !== next.speaker ||
  pauseBetween(word, next) >= endingPauseMs ||
  (hasFullStop(word.text) && !goesOn(word, next));

const endsThought: Boundary = (word, next) => pauseBetween(word, next) >= thoughtPauseMs;

/** Whether a text ends as a sentence does, closing quotes and brackets aside. */
export const hasFullStop = (text: string): boolean => /[.!?…。！？｡؟।][\p{Pe}\p{Pf}"'’]*$/u.test(text.trim());

/** Written short forms that are followed by more of the same sentence. English, German, French, Spanish. */
const abbreviations = new Set(
  (
    'dr mr mrs ms prof st jr sr vs etc e.g i.e fig no vol approx dept est gen gov hon inc ltd co corp sen rep capt ' +
    'z.b d.h u.a bzw ca usw evtl ggf nr str hr fr mme mlle p.ex sra srta ud uds pág'
  ).split(' '),
);
/** Those that may also stand at the end of a sentence: a capital after them decides. */
const mayEnd = new Set('etc inc ltd co corp jr sr no usw st est'.split(' '));

/** A dot after "Dr", an initial or before a small letter is not the end. */
function goesOn(word: SpokenWord, next: SpokenWord): boolean {
  if (!/\.[\p{Pe}\p{Pf}"'’]*$/u.test(word.text)) return word.text.endsWith('…') && startsSmall(next.text);
  const plain = plainWord(word.text);
  if (/^\p{Lu}\.$/u.test(word.text) && plain !== 'i') return true;
  if (abbreviations.has(plain)) return !mayEnd.has(plain) || !startsBig(next.text);
  return startsSmall(next.text) && pauseBetween(word, next) < thoughtPauseMs;
}

const startsSmall = (text: string): boolean => /^\P{L}*\p{Ll}/u.test(text);
const startsBig = (text: string): boolean => /^\P{L}*\p{Lu}/u.test(text);

/** Long and without a full stop: nobody punctuated it. */
const isBare = (words: readonly SpokenWord[]): boolean =>
  words.length >= 15 && !hasFullStop(words.at(-1)?.text ?? '') && !words.some((word) => hasFullStop(word.text));

function withinLimits(words: SpokenWord[]): SpokenWord[][] {
  const limit = hasFullStop(words.at(-1)?.text ?? '') ? limits.punctuated : limits.bare;
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last || words.length < 2) return [words];
  if (words.length <= limit.words && last.endMs - first.startMs <= limit.ms) return [words];
  const at = bestSplit(words);
  return [...withinLimits(words.slice(0, at)), ...withinLimits(words.slice(at))];
}

/** Long pauses and clause marks attract the cut; being far from the middle costs. */
function bestSplit(words: readonly SpokenWord[]): number {
  let best = 1;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 1; at < words.length; at++) {
    const [before, after] = [words[at - 1], words[at]];
    if (!before || !after) continue;
    const mark = /[,;:、，；：—–]$/u.test(before.text) ? 400 : 0;
    const gain = pauseBetween(before, after) + mark - 1200 * Math.abs(at / words.length - 0.5);
    if (gain > most) [most, best] = [gain, at];
  }
  return best;
}

function sentenceOf(words: readonly SpokenWord[]): Sentence {
  const speaker = words[0]?.speaker;
  return {
    startMs: words[0]?.startMs ?? sourceMs(0),
    endMs: sourceMs(Math.max(...words.map((word) => word.endMs))),
    text: joinWords(words.map((word) => word.text)),
    words: words.map(({ word }) => word),
    ...(speaker !== undefined && { speaker }),
  };
}
