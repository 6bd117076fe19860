import type { ProposedMoment, TranscriptLine } from '#providers/language-model.ts';
import { type LineSignals, mean } from './signals.ts';

/** Lines `from` to `to` (included) as indexes, with what they are worth and why. */
export interface Window {
  readonly from: number;
  readonly to: number;
  /** Above 0, so that one more window is always better than none. */
  readonly worth: number;
  readonly signals: Readonly<Record<string, number>>;
  readonly proposal?: ProposedMoment;
}

/** Shortest and longest window in milliseconds. */
export interface Bounds {
  readonly minMs: number;
  readonly maxMs: number;
}

interface Talk {
  readonly lines: readonly TranscriptLine[];
  readonly signals: readonly LineSignals[];
  readonly topics: readonly string[];
}

export const lengthOf = (lines: readonly TranscriptLine[], from: number, to: number): number =>
  (lines[to]?.endMs ?? 0) - (lines[from]?.startMs ?? 0);

/** Every run of whole lines within the bounds. */
export function windows(talk: Talk, bounds: Bounds): Window[] {
  const found: Window[] = [];
  for (let from = 0; from < talk.lines.length; from++) {
    for (let to = from; to < talk.lines.length && lengthOf(talk.lines, from, to) <= bounds.maxMs; to++) {
      if (lengthOf(talk.lines, from, to) >= bounds.minMs) found.push({ from, to, ...weighed(talk, from, to) });
    }
  }
  return found;
}

/**
 * What each signal counts for. Tried on synthetic talks with planted passages: pauses around and cue words carry most,
 * rarity the rest; a summariser's centrality found none of them.
 */
const weights = {
  value: 1.2,
  hook: 0.8,
  payoff: 0.5,
  pauses: 1.3,
  rarity: 0.8,
  topic: 3.5,
  energy: 0.4,
  length: 0.6,
  leansBack: -0.5,
  housekeeping: -1.5,
  broken: -0.8,
} as const;
type Signal = keyof typeof weights;

/** People watch 25 to 50 s to the end; the prior falls by half at about 9 s and 140 s. */
const idealMs = 35_000;

function weighed({ lines, signals, topics }: Talk, from: number, to: number): Pick<Window, 'worth' | 'signals'> {
  const inside = signals.slice(from, to + 1);
  const [first, last] = [signals[from], signals[to]];
  if (!first || !last) return { worth: 0.01, signals: {} };
  const text = lines
    .slice(from, to + 1)
    .map((line) => line.text.toLowerCase())
    .join(' ');
  const octaves = Math.log2(Math.max(1, lengthOf(lines, from, to)) / idealMs);
  const values: Record<Signal, number> = {
    value: mean(inside.map(valueOf)),
    hook: Math.min(1, first.cue + 0.6 * first.question + 0.4 * first.numbers),
    payoff: Math.min(1, last.cue + 0.4 * last.numbers),
    pauses: (first.pauseBefore + last.pauseAfter) / 2,
    rarity: mean(inside.map((line) => line.rarity)),
    topic: topics.length === 0 ? 0 : topics.filter((topic) => text.includes(topic)).length / topics.length,
    energy: mean(inside.map((line) => line.energy)),
    length: 2 ** (-(octaves ** 2) / 4),
    leansBack: first.leansBack * (1 - 0.6 * first.cue),
    housekeeping: mean(inside.map((line) => line.housekeeping)),
    broken: mean(inside.slice(1).map((line) => (line.pauseBefore >= 1 ? 1 : 0))),
  };
  return { worth: Math.max(0.01, sumOf(values)), signals: rounded(values) };
}

/** What one line offers by itself. */
export const valueOf = (line: LineSignals): number =>
  0.45 * line.cue +
  0.2 * line.numbers +
  0.15 * line.question +
  0.1 * line.person +
  0.1 * line.density -
  0.5 * line.housekeeping;

const sumOf = (values: Record<Signal, number>): number =>
  keysOf(values).reduce((sum, name) => sum + weights[name] * values[name], 0);

const keysOf = (values: Record<Signal, number>): Signal[] =>
  Object.keys(values).filter((name): name is Signal => name in weights);

const rounded = (values: Record<Signal, number>): Record<string, number> =>
  Object.fromEntries(keysOf(values).map((name) => [name, Math.round(values[name] * 1000) / 1000]));
