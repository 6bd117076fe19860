import { joinWords } from '#timeline/word-timing.ts';
import { type Breakable, breakCosts } from './caption-lines.ts';
import { readingOf, widthOf } from './letters.ts';

/** The shape of caption text; letters are Latin ones, see `widthOf`. */
export interface TextShape {
  readonly charactersPerLine: number;
  readonly lines: number;
}

/** Words prepared for breaking: every range of them by word indexes, the end excluded. Everything is summed once. */
export interface BreakableText {
  /** What a break before this word costs. */
  breakCost(at: number): number;
  /** Width of the range on one line, in Latin letters. */
  width(from: number, to: number): number;
  /** What there is to read in the range, in Latin letters. */
  reading(from: number, to: number): number;
  /** How badly the range fits into its lines; 0 is perfect. */
  linesCost(from: number, to: number): number;
  /** The range as its lines: one when it fits, else two with the shorter one first. */
  lines(from: number, to: number): string[];
}

/** Each letter beyond the line costs more than anything else together. */
const overflowCost = 500;

/** Words that can be set in lines of this shape; the language decides which of them must stay together. */
export function breakableText(words: readonly Breakable[], shape: TextShape, language?: string): BreakableText {
  const texts = words.map((word) => word.text);
  const spaces = texts.map((text, index) =>
    index > 0 && joinWords([texts[index - 1] ?? '', text]).includes(' ') ? 1 : 0,
  );
  const costs = breakCosts(words, language);
  const width = summed(texts.map(widthOf), spaces);
  const reading = summed(texts.map(readingOf), spaces);
  const overflow = (from: number, to: number): number =>
    overflowCost * Math.max(0, width(from, to) - shape.charactersPerLine);
  const best = (from: number, to: number): { readonly at: number; readonly cost: number } => {
    let found = { at: to, cost: overflow(from, to) };
    if (found.cost === 0 || shape.lines < 2) return found;
    for (let at = from + 1; at < to; at++) {
      const uneven = imbalance(width(from, at), width(at, to));
      const cost = overflow(from, at) + overflow(at, to) + (costs[at] ?? 0) / 2 + uneven;
      if (cost < found.cost) found = { at, cost };
    }
    return found;
  };
  return {
    breakCost: (at) => costs[at] ?? 0,
    width,
    reading,
    linesCost: (from, to) => best(from, to).cost,
    lines: (from, to) => {
      const { at } = best(from, to);
      return [texts.slice(from, at), texts.slice(at, to)].filter((line) => line.length > 0).map(joinWords);
    },
  };
}

/** Sums of any range of values with the spaces inside it. */
function summed(values: readonly number[], spaces: readonly number[]): (from: number, to: number) => number {
  const ends = [0];
  for (const [index, value] of values.entries()) ends.push((ends[index] ?? 0) + (spaces[index] ?? 0) + value);
  return (from, to) => (ends[to] ?? 0) - (ends[from] ?? 0) - (from < to ? (spaces[from] ?? 0) : 0);
}

/**
 * A quarter of a point for each letter of difference, twice that when the first line is the longer one. A line of less
 * than a third of the other looks like something left over.
 */
function imbalance(first: number, second: number): number {
  const lonely = Math.min(first, second) * 3 < Math.max(first, second) ? 8 : 0;
  return Math.abs(first - second) * (first > second ? 0.5 : 0.25) + lonely;
}
