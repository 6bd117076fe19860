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
  return pieces.flatMap(({ word, from, to, ...span }) => (word ? [word] : spreadTexts(texts.slice(from, to), span)));
}

/** A word as it was, or a changed stretch: the new texts from one place to before another. */
interface Piece extends Span {
  readonly from: number;
  readonly to: number;
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
  for (let i = before.length - 1; i >= 0; i--) {
    const word = before[i];
    for (let [j, right, diagonal] = [after.length - 1, 0, 0]; j >= 0; j--) {
      const below = at(i + 1, j);
      right = word === after[j] ? diagonal + 1 : Math.max(below, right);
      diagonal = below;
      table[i * width + j] = right;
    }
  }
  return at;
}

const compared = (text: string): string => plainWord(text) || text;

/** Kept words, and between them the stretches that changed. What was taken out leaves its time empty. */
function piecesOf(sentence: Timed, texts: readonly string[], kept: readonly Pair[]): Piece[] {
  const { words } = sentence;
  const pieces: Piece[] = [];
  let [oldAt, newAt] = [0, 0];
  let endMs = sentence.startMs;
  for (const [i, j] of [...kept, [words.length, texts.length] as const]) {
    const word = words[i];
    const gap = { startMs: endMs, endMs: sourceMs(Math.max(endMs, word?.startMs ?? sentence.endMs)) };
    if (j > newAt) pieces.push({ from: newAt, to: j, ...within(gap, words.slice(oldAt, i)) });
    if (word) pieces.push({ ...spanOf(word), from: j, to: j + 1, word: { ...word, text: texts[j] ?? '' } });
    [oldAt, newAt] = [i + 1, j + 1];
    endMs = word?.endMs ?? endMs;
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

/**
 * Widens each cramped stretch: into the gaps around it, then over a neighbour, until it has room or is alone. From left
 * to right, so that all that is behind has room.
 */
function withRoom(pieces: readonly Piece[], whole: Span): Piece[] {
  const ahead = pieces.map((piece, at) => widened(piece, [pieces[at - 1], pieces[at + 1]], whole)).toReversed();
  const behind: Piece[] = [];
  for (let piece = ahead.pop(); piece; piece = ahead.pop()) {
    const before = behind.at(-1);
    const neighbour = longer(before, ahead.at(-1));
    if (!isCramped(piece) || !neighbour) {
      behind.push(piece);
      continue;
    }
    (neighbour === before ? behind : ahead).pop();
    const joined = neighbour === before ? spanning(neighbour, piece) : spanning(piece, neighbour);
    ahead.push(widened(joined, [behind.at(-1), ahead.at(-1)], whole));
  }
  return behind;
}

const isCramped = (piece: Piece): boolean =>
  piece.word === undefined && durationOf(piece) < roomMs * (piece.to - piece.from);

type Neighbours = readonly [before: Piece | undefined, after: Piece | undefined];

function widened(piece: Piece, [before, after]: Neighbours, whole: Span): Piece {
  if (!isCramped(piece)) return piece;
  const startMs = sourceMs(Math.min(piece.startMs, before?.endMs ?? whole.startMs));
  const endMs = sourceMs(Math.max(piece.endMs, after?.startMs ?? whole.endMs));
  return { ...piece, startMs, endMs };
}

const longer = (a: Piece | undefined, b: Piece | undefined): Piece | undefined =>
  a && b ? (durationOf(a) >= durationOf(b) ? a : b) : (a ?? b);

const spanning = (first: Piece, second: Piece): Piece => ({
  startMs: sourceMs(Math.min(first.startMs, second.startMs)),
  endMs: sourceMs(Math.max(first.endMs, second.endMs)),
  from: first.from,
  to: second.to,
});
