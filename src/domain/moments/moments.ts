import { type Span, sourceMs } from '#base/time.ts';
import type { ProposedMoment, TranscriptLine } from '#providers/language-model.ts';
import { proposedWindows } from './proposed.ts';
import { bestSet } from './set.ts';
import { type LineSignals, type LoudnessCurve, lineSignals } from './signals.ts';
import { telling } from './telling.ts';
import { topicsOf, topicVocabulary } from './topics.ts';
import { type Bounds, lengthOf, type Window, windows } from './windows.ts';

/** A span worth sharing, with what speaks for it. */
export interface Moment extends Span {
  /** Ids of its first and last line. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly title: string;
  readonly summary: string;
  /** Exact words of the transcript inside the span. */
  readonly quote: string;
  readonly topics: readonly string[];
  /** 0 to 1, comparable inside one recording only. */
  readonly importance: number;
  /** Why it was chosen: signal to value. */
  readonly signals: Readonly<Record<string, number>>;
}

export interface MomentsWanted {
  readonly silences: readonly Span[];
  readonly count: number;
  readonly minDurationMs: number;
  readonly maxDurationMs: number;
  /** Terms that moments should speak of. */
  readonly topics?: readonly string[];
  /** BCP 47. */
  readonly language: string;
  /** What a model proposed; null lets the signals decide alone. */
  readonly proposals: readonly ProposedMoment[] | null;
  readonly loudness?: LoudnessCurve;
}

/**
 * The best moments that share no line, best first. Fewer than `count` when the talk has no room for more; at least one
 * when it has two lines. Takes lines in order of time.
 */
export function chooseMoments(lines: readonly TranscriptLine[], wanted: MomentsWanted): Moment[] {
  if (lines.length === 0 || wanted.count < 1) return [];
  const signals = lineSignals(lines, wanted);
  const chosen = chosenWindows(lines, signals, wanted);
  const guided = chosen.some((window) => window.proposal);
  const vocabulary = topicVocabulary(
    lines.map((line) => line.text),
    wanted.language,
  );
  return chosen
    .map((window) => ({ window, importance: importanceOf(window, guided) }))
    .sort((a, b) => b.importance - a.importance || a.window.from - b.window.from)
    .map(({ window, importance }) => {
      const inside = lines.slice(window.from, window.to + 1);
      const told = telling(inside, signals.slice(window.from, window.to + 1), wanted.language);
      const terms = topicsOf(
        inside.map((line) => line.text),
        vocabulary,
      );
      return {
        ...boundsOf(inside),
        ...proposedOr({ ...told, topics: terms }, window),
        importance,
        signals: window.signals,
      };
    });
}

/**
 * Short material gets shorter moments: the shortest length asked for is lowered, step by step, until there are as many
 * as the talk has quarters of a minute, at most three.
 */
function chosenWindows(
  lines: readonly TranscriptLine[],
  signals: readonly LineSignals[],
  wanted: MomentsWanted,
): Window[] {
  const totalMs = lengthOf(lines, 0, lines.length - 1);
  const enough = Math.max(1, Math.min(wanted.count, 3, Math.floor(totalMs / 15_000)));
  const talk = {
    lines,
    signals,
    topics: (wanted.topics ?? []).map((topic) => topic.trim().toLowerCase()).filter(Boolean),
  };
  let chosen: Window[] = [];
  for (const share of [1, 0.8, 0.6, 0.45, 0.3, 0]) {
    const count = share === 1 ? wanted.count : enough;
    const bounds: Bounds = { minMs: wanted.minDurationMs * share, maxMs: wanted.maxDurationMs };
    const found = bestSet(weighedTogether(windows(talk, bounds), lines, { wanted, bounds }), count, lines.length);
    if (found.length > chosen.length) chosen = found;
    if (chosen.length >= enough) return chosen;
  }
  return chosen.length > 0 ? chosen : windows(talk, { minMs: 0, maxMs: Number.POSITIVE_INFINITY }).slice(0, 1);
}

/** A proposal outweighs any two windows that only signals speak for; those fill up what proposals leave. */
function weighedTogether(
  found: readonly Window[],
  lines: readonly TranscriptLine[],
  { wanted, bounds }: { readonly wanted: MomentsWanted; readonly bounds: Bounds },
): Window[] {
  const best = found.reduce((most, window) => Math.max(most, window.worth), 0.01);
  const proposed = wanted.proposals === null ? [] : proposedWindows(lines, wanted.proposals, bounds);
  const scaled = found.map((window) => ({ ...window, worth: (window.worth / best) * 0.49 }));
  const byRange = new Map(scaled.map((window) => [`${window.from} ${window.to}`, window]));
  const merged = proposed.map((window) => {
    const same = byRange.get(`${window.from} ${window.to}`);
    return {
      ...window,
      worth: 1 + window.worth + (same?.worth ?? 0),
      signals: { ...same?.signals, ...window.signals },
    };
  });
  return [...scaled, ...merged];
}

/** The worth of the best is 1; beside proposals, which get at least a half, what only signals found stays below it. */
function importanceOf({ worth, proposal }: Window, guided: boolean): number {
  const share = proposal ? 0.5 + (worth - 1) / 3 : worth / (guided ? 1 : 0.49);
  return Math.round(Math.min(1, Math.max(0, share)) * 1000) / 1000;
}

function boundsOf(inside: readonly TranscriptLine[]): Pick<Moment, 'firstLine' | 'lastLine' | 'startMs' | 'endMs'> {
  const [first, last] = [inside[0], inside.at(-1)];
  return {
    firstLine: first?.id ?? 0,
    lastLine: last?.id ?? 0,
    startMs: first?.startMs ?? sourceMs(0),
    endMs: last?.endMs ?? sourceMs(0),
  };
}

type Words = Pick<Moment, 'title' | 'summary' | 'quote' | 'topics'>;

/** A model's title, summary and topics where it gave them. */
const proposedOr = (told: Words, { proposal }: Window): Words => ({
  ...told,
  ...(proposal?.title.trim() && { title: proposal.title.trim() }),
  ...(proposal?.summary.trim() && { summary: proposal.summary.trim() }),
  ...(proposal && proposal.topics.length > 0 && { topics: proposal.topics.slice(0, 4) }),
});
