import type { MomentRejection } from '#generated/prisma/enums.ts';
import type { Alike } from './alike.ts';
import type { Candidate } from './candidates.ts';
import type { DecidedRun } from './decided.ts';
import type { Run } from './windows.ts';

/** A candidate with what became of it; null where it was chosen. */
export interface Judged extends Candidate {
  readonly rejection: MomentRejection | null;
}

interface Wanted {
  /** With those that a person kept. */
  readonly count: number;
  readonly alike: Alike;
  /** Which topic a run of lines belongs to, and how many topics there are. */
  readonly topicOf: (run: Run) => number;
  readonly topicCount: number;
  readonly decided: readonly DecidedRun[];
}

/** What being like something chosen takes off a score (maximal marginal relevance, after Carbonell and Goldstein). */
const likenessCosts = 0.5;
/** More of one topic only where there are not enough topics for the count. */
const mostOfOneTopic = 2;
/** Once there are as many as anybody expects, what is this far below the best is no highlight. */
const [expected, leastScore] = [4, 0.15];

/**
 * The best set of candidates: each as good as possible and as unlike those before as possible, none that share a line,
 * few of one topic, beside what a person kept and never what one dismissed. In the order of the candidates.
 */
export function judged(candidates: readonly Candidate[], wanted: Wanted): Judged[] {
  const kept = wanted.decided.filter((run) => run.kept);
  const refused = new Set(candidates.filter((candidate) => isDismissed(candidate, wanted.decided)));
  const chosen: Candidate[] = [];
  const taken = (): readonly Run[] => [...kept, ...chosen];
  while (taken().length < wanted.count) {
    const open = candidates.filter((one) => !refused.has(one) && isFree(one, taken()) && !isFull(one, taken(), wanted));
    const next = best(open, (one) => one.score - likenessCosts * likest(one, taken(), wanted.alike));
    if (!next || (chosen.length >= expected && next.score < leastScore)) break;
    chosen.push(next);
  }
  const worst = chosen.reduce((least, { score }) => Math.min(least, score), 1);
  return candidates.map((one) => ({ ...one, rejection: chosen.includes(one) ? null : reasonFor(one) }));

  function reasonFor(one: Candidate): MomentRejection {
    if (refused.has(one)) return 'DISMISSED';
    if (!isFree(one, taken())) return 'OVERLAPS';
    if (one.score < worst) return 'OUTSCORED';
    return isFull(one, taken(), wanted) ? 'TOPIC_FULL' : 'TOO_SIMILAR';
  }
}

const sharesLine = (a: Run, b: Run): boolean => a.from <= b.to && b.from <= a.to;

const isFree = (one: Run, taken: readonly Run[]): boolean => !taken.some((other) => sharesLine(one, other));

/** Whether most of the shorter of both lies in a dismissed span. */
const isDismissed = (one: Run, decided: readonly DecidedRun[]): boolean =>
  decided.some((other) => {
    const shared = Math.min(one.to, other.to) - Math.max(one.from, other.from) + 1;
    return !other.kept && shared > (Math.min(one.to - one.from, other.to - other.from) + 1) / 2;
  });

function isFull(one: Run, taken: readonly Run[], { count, topicOf, topicCount }: Wanted): boolean {
  const most = Math.max(mostOfOneTopic, Math.ceil(count / topicCount));
  return most < count && taken.filter((other) => topicOf(other) === topicOf(one)).length >= most;
}

const likest = (one: Run, taken: readonly Run[], alike: Alike): number =>
  taken.reduce((most, other) => Math.max(most, alike(one, other)), 0);

/** The first of those with the highest worth. */
function best(open: readonly Candidate[], worthOf: (one: Candidate) => number): Candidate | undefined {
  let found: { readonly one: Candidate; readonly worth: number } | undefined;
  for (const one of open) {
    const worth = worthOf(one);
    if (!found || worth > found.worth) found = { one, worth };
  }
  return found?.one;
}
