import type { ProposedMoment, TranscriptLine } from '#providers/language-model.ts';
import { mentionOf } from './mentions.ts';
import type { LineSignals } from './signals.ts';

/** Lines `from` to `to` (included), as indexes. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** A run of lines with what it is worth. */
export interface Window extends Run {
  /** Above 0; comparable inside one talk only. */
  readonly worth: number;
  readonly proposal?: ProposedMoment;
}

/** Shortest and longest window in milliseconds. */
export interface Bounds {
  readonly minMs: number;
  readonly maxMs: number;
}

/** A talk as it is weighed: its lines with their signals, and terms asked for in lower case. */
export interface Talk {
  readonly lines: readonly TranscriptLine[];
  readonly signals: readonly LineSignals[];
  readonly topics: readonly string[];
}

export const lengthOf = (lines: readonly TranscriptLine[], from: number, to: number): number =>
  (lines[to]?.endMs ?? 0) - (lines[from]?.startMs ?? 0);

/** Three hours in windows of up to ten minutes have 1.6 million, which neither memory nor the heartbeat survives. */
const mostWindows = 100_000;

/** Every run of whole lines within the bounds; of a very long talk those whose lengths are some lines apart. */
export function windows({ lines }: Talk, weigh: Scales, bounds: Bounds): Window[] {
  const step = Math.max(1, Math.ceil(countWithin(lines, bounds) / mostWindows));
  const found: Window[] = [];
  for (let from = 0; from < lines.length; from++) {
    for (let to = from; to < lines.length && lengthOf(lines, from, to) <= bounds.maxMs; to += step) {
      if (lengthOf(lines, from, to) >= bounds.minMs) found.push({ from, to, worth: weigh({ from, to }).worth });
    }
  }
  return found;
}

/** How many runs of lines are at most as long as the longest, in one walk. */
function countWithin(lines: readonly TranscriptLine[], { maxMs }: Bounds): number {
  let count = 0;
  let end = 0;
  for (let from = 0; from < lines.length; from++) {
    while (end < lines.length && lengthOf(lines, from, end) <= maxMs) end++;
    count += Math.max(0, end - from);
  }
  return count;
}

/**
 * What each signal counts for. Tried on synthetic talks with planted passages: pauses around and cue words carry most,
 * novelty the rest; a summariser's centrality found none of them.
 */
const weights = {
  value: 1.2,
  hook: 0.8,
  payoff: 0.5,
  pauses: 1.3,
  novelty: 0.8,
  topic: 3.5,
  energy: 0.4,
  rate: 0.2,
  shift: 0.2,
  turns: 0.3,
  length: 0.6,
  leansBack: -0.8,
  unanswered: -0.8,
  silence: -0.8,
  housekeeping: -1.5,
  broken: -0.8,
} as const;
type Signal = keyof typeof weights;

/** People watch 25 to 50 s to the end; the prior falls by half at about 9 s and 140 s. */
const idealMs = 35_000;

/** Weighs a run of lines: its worth, and the value of each signal in it. */
export type Scales = (run: Run) => { readonly worth: number; readonly signals: Readonly<Record<string, number>> };

/** The scales of one talk. What is a mean over lines is read from running sums. */
export function scales({ lines, signals, topics }: Talk): Scales {
  const meanOf = (valueIn: (line: LineSignals, index: number) => number): Mean => means(signals.map(valueIn));
  const value = meanOf(valueOf);
  const novelty = meanOf((line) => line.novelty);
  const energy = meanOf((line) => line.energy);
  const rate = meanOf((line) => line.rate);
  const turns = meanOf((line) => line.turn);
  const housekeeping = meanOf((line) => line.housekeeping);
  const broken = meanOf((line) => (line.pauseBefore >= 1 ? 1 : 0));
  const spokenMs = meanOf((_, index) => lengthOf(lines, index, index));
  const mentions = topics.map((topic) => mentionOf(lines, topic));
  return ({ from, to }) => {
    const [first, last] = [signals[from], signals[to]];
    if (!first || !last) return { worth: 0.01, signals: {} };
    const lengthMs = Math.max(1, lengthOf(lines, from, to));
    const octaves = Math.log2(lengthMs / idealMs);
    const values: Record<Signal, number> = {
      value: value(from, to),
      hook: Math.min(1, first.cue + 0.6 * first.question + 0.4 * first.numbers),
      payoff: Math.min(1, last.cue + 0.4 * last.numbers),
      pauses: (first.pauseBefore + last.pauseAfter) / 2,
      novelty: novelty(from, to),
      topic: topics.length === 0 ? 0 : mentions.filter((mention) => mention(from, to)).length / topics.length,
      energy: energy(from, to),
      rate: rate(from, to),
      shift: first.shift,
      turns: turns(from + 1, to),
      length: 2 ** (-(octaves ** 2) / 4),
      leansBack: first.leansBack * (1 - 0.6 * first.cue),
      unanswered: last.question,
      silence: Math.max(0, 1 - (spokenMs(from, to) * (to - from + 1)) / lengthMs),
      housekeeping: housekeeping(from, to),
      broken: broken(from + 1, to),
    };
    return { worth: Math.max(0.01, sumOf(values)), signals: values };
  };
}

type Mean = (from: number, to: number) => number;

/** The mean of the values `from` to `to` (included); 0 of none. */
function means(values: readonly number[]): Mean {
  const sums = [0];
  for (const [at, value] of values.entries()) sums.push((sums[at] ?? 0) + value);
  return (from, to) => (to < from ? 0 : ((sums[to + 1] ?? 0) - (sums[from] ?? 0)) / (to - from + 1));
}

/** What one line offers by itself. */
export const valueOf = (line: LineSignals): number =>
  0.45 * line.cue +
  0.2 * line.numbers +
  0.15 * line.question +
  0.1 * line.person +
  0.1 * line.density -
  0.5 * line.housekeeping;

const names = Object.keys(weights).filter((name): name is Signal => name in weights);

const sumOf = (values: Record<Signal, number>): number =>
  names.reduce((sum, name) => sum + weights[name] * values[name], 0);
