import { criteria, type Marks, type ProposedMoment } from '#providers/language-model.ts';
import { proposedWindows } from './proposed.ts';
import { standing } from './standing.ts';
import { type Bounds, type Run, type Scales, type Talk, type Window, windows } from './windows.ts';

/** A window that stands out among its neighbours. */
export interface Candidate extends Window {
  /** 0 to 1, comparable inside one talk only. */
  readonly score: number;
}

/** So many are kept to show what was weighed; an hour has about so many passages of 90 s. */
const mostCandidates = 40;
/** Of two that share more of the shorter one than this, the better one stands for both. */
const mostShared = 0.5;

/** What windows are looked for, and weighed with. */
interface Search {
  readonly weigh: Scales;
  readonly bounds: Bounds;
  /** Of a model; null where the signals decide alone. */
  readonly proposals: readonly ProposedMoment[] | null;
}

/**
 * The local maxima among all windows within the bounds, best first. One that cannot be understood alone starts earlier
 * where it can. A model's marks outweigh the signals, and what only signals found stays below what it marked well.
 */
export function candidatesIn(talk: Talk, { weigh, bounds, proposals }: Search): Candidate[] {
  const proposed = proposedWindows(talk.lines, proposals ?? [], bounds);
  const found = apart(windows(talk, weigh, bounds).sort((a, b) => b.worth - a.worth || inOrder(a, b)));
  const weighed = [...proposed, ...found].map((window) =>
    standing(talk, { ...window, ...weigh(window) }, { weigh, bounds }),
  );
  const best = weighed.reduce((most, { worth }) => Math.max(most, worth), 0.01);
  const alone = proposed.length > 0 ? 0.45 : 1;
  const scored = weighed.map(({ worth, proposal, ...window }) => {
    const byItself = worth / best;
    const score = proposal ? 0.7 * scoreOf(proposal.marks) + 0.3 * byItself : alone * byItself;
    return { ...window, worth, score, ...(proposal && { proposal }) };
  });
  return apart(scored.sort((a, b) => b.score - a.score || inOrder(a, b)));
}

const inOrder = (a: Run, b: Run): number => a.from - b.from || a.to - b.to;

/** The first ones that are not nearly the same as one before them. */
function apart<Any extends Run>(runs: readonly Any[]): Any[] {
  const kept: Any[] = [];
  for (const run of runs) {
    if (kept.length === mostCandidates) break;
    if (kept.every((other) => sharedOf(run, other) <= mostShared)) kept.push(run);
  }
  return kept;
}

/** Which share of the shorter run's lines both have. */
function sharedOf(a: Run, b: Run): number {
  const shared = Math.min(a.to, b.to) - Math.max(a.from, b.from) + 1;
  return shared <= 0 ? 0 : shared / (Math.min(a.to - a.from, b.to - b.from) + 1);
}

/** The marks as one number, 0 to 1: the sum is ours, whatever a model makes of it. */
const scoreOf = (marks: Marks): number => criteria.reduce((sum, name) => sum + marks[name], 0) / (25 * criteria.length);
