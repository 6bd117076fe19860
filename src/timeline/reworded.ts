import { durationOf, type SourceMs, type Span, sourceMs, type Word } from '#base/time.ts';
import { plainWord, spreadTexts, wordTexts } from './word-timing.ts';

/** A sentence whose text was changed by a person. `words` lie inside the span, in order. */
interface Timed extends Span {
  readonly words: readonly Word[];
}

/** A new word needs this much time to be seen lighting up; with less it takes some of a neighbour's. */
const roomMs = 60;

/**
 * The words of a new text with times. A word that was there before keeps its times and its confidence, however it is
 * written now; changed stretches are spread by letters over the time of what they replace, or over the gap they came
 * into. Where that has no room they share the time of a word beside them, which then keeps its outer edge only.
 */
export function reworded(sentence: Timed, text: string): Word[] {
  const texts = wordTexts(text);
  return timed(sentence, texts, inCommon(sentence.words, texts));
}

/**
 * The words of a sentence whose bounds were moved over them: those that are inside stay where they are, those that
 * stick out share the time that is left on their side.
 */
export function refitted(sentence: Timed): Word[] {
  const { words, startMs, endMs } = sentence;
  const inside = [...words.keys()].filter((at) => {
    const word = words[at];
    return word !== undefined && word.startMs >= startMs && word.endMs <= endMs;
  });
  return timed(
    sentence,
    words.map((word) => word.text),
    inside.map((at) => [at, at]),
  );
}

function timed(sentence: Timed, texts: readonly string[], kept: readonly Pair[]): Word[] {
  const pieces = withRoom(piecesOf(sentence, texts, kept), sentence);
  return pieces.flatMap(({ word, texts: changed, ...span }) => (word ? [word] : spreadTexts(changed, span)));
}

/** A word as it was, or a changed stretch. */
interface Piece extends Span {
  readonly texts: readonly string[];
  readonly word?: Word;
}

type Pair = readonly [before: number, after: number];

/** The longest common subsequence, as pairs of places. Case and punctuation do not make another word. */
function inCommon(words: readonly Word[], texts: readonly string[]): Pair[] {
  const before = words.map((word) => compared(word.text));
  const after = texts.map(compared);
  const at = lengths(before, after);
  const pairs: Pair[] = [];
  for (let [i, j] = [0, 0]; i < before.length && j < after.length; ) {
    if (before[i] === after[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

/** How long the longest common subsequence is from two places on. */
function lengths(before: readonly string[], after: readonly string[]): (i: number, j: number) => number {
  const width = after.length + 1;
  const table = new Uint16Array((before.length + 1) * width);
  const at = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      table[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return at;
}

const compared = (text: string): string => plainWord(text) || text;

/** Kept words, and between them the stretches that changed. What was taken out leaves its time empty. */
function piecesOf(sentence: Timed, texts: readonly string[], kept: readonly Pair[]): Piece[] {
  const { words } = sentence;
  const pieces: Piece[] = [];
  let [oldAt, newAt] = [0, 0];
  let from = sentence.startMs;
  for (const [i, j] of [...kept, [words.length, texts.length] as const]) {
    const word = words[i];
    const gap = { startMs: from, endMs: sourceMs(Math.max(from, word?.startMs ?? sentence.endMs)) };
    if (j > newAt) pieces.push({ texts: texts.slice(newAt, j), ...within(gap, words.slice(oldAt, i)) });
    if (word) pieces.push({ ...spanOf(word), texts: texts.slice(j, j + 1), word: { ...word, text: texts[j] ?? '' } });
    [oldAt, newAt] = [i + 1, j + 1];
    from = word?.endMs ?? from;
  }
  return pieces;
}

const spanOf = ({ startMs, endMs }: Span): Span => ({ startMs, endMs });

/** The time of the words that are replaced, inside the gap; all of the gap where nothing is. */
function within(gap: Span, replaced: readonly Word[]): Span {
  const [first, last] = [replaced[0], replaced.at(-1)];
  if (!first || !last) return gap;
  const clamped = (at: SourceMs): SourceMs => sourceMs(Math.min(Math.max(at, gap.startMs), gap.endMs));
  return { startMs: clamped(first.startMs), endMs: clamped(last.endMs) };
}

/** Widens each cramped stretch: into the gaps around it, then over a neighbour, until it has room or is alone. */
function withRoom(pieces: readonly Piece[], whole: Span): Piece[] {
  const widened = pieces.map((piece, at) => (isCramped(piece) ? intoGaps(pieces, at, whole) : piece));
  const at = widened.findIndex(isCramped);
  const cramped = widened[at];
  const [before, after] = [widened[at - 1], widened[at + 1]];
  const neighbour = longer(before, after);
  if (!cramped || !neighbour) return widened;
  const [first, second] = neighbour === before ? [neighbour, cramped] : [cramped, neighbour];
  const joined = { ...spanning(first, second), texts: [...first.texts, ...second.texts] };
  return withRoom(widened.toSpliced(widened.indexOf(first), 2, joined), whole);
}

const isCramped = (piece: Piece): boolean =>
  piece.word === undefined && durationOf(piece) < roomMs * piece.texts.length;

function intoGaps(pieces: readonly Piece[], at: number, whole: Span): Piece {
  const piece = pieces[at] ?? { ...whole, texts: [] };
  const startMs = sourceMs(Math.min(piece.startMs, pieces[at - 1]?.endMs ?? whole.startMs));
  const endMs = sourceMs(Math.max(piece.endMs, pieces[at + 1]?.startMs ?? whole.endMs));
  return { ...piece, startMs, endMs };
}

const longer = (a: Piece | undefined, b: Piece | undefined): Piece | undefined =>
  a && b ? (durationOf(a) >= durationOf(b) ? a : b) : (a ?? b);

const spanning = (a: Span, b: Span): Span => ({
  startMs: sourceMs(Math.min(a.startMs, b.startMs)),
  endMs: sourceMs(Math.max(a.endMs, b.endMs)),
});
