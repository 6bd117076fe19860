import type { Span } from '#base/time.ts';
import type { ProposedMoment } from '#providers/language-model.ts';
import { type Alike, alikeIn } from './alike.ts';
import { type Candidate, candidatesIn } from './candidates.ts';
import { type Judged, judged } from './choice.ts';
import { type DecidedSpan, decidedRuns, leaningTo } from './decided.ts';
import { topicStarts } from './topic-starts.ts';
import { lengthOf, type Run, type Scales, type Talk } from './windows.ts';

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
  /** What people decided about earlier highlights. Kept ones count, and are not among the moments. */
  readonly decided?: readonly DecidedSpan[];
}

/** As many as people expect of a talk: of ten minutes and more, and of a shorter one. */
const floors = { long: 4, short: 3, longFromMs: 600_000, eachMs: 15_000 } as const;

/**
 * The candidates of a talk with what became of them. Short material gets shorter moments: the shortest length asked for
 * is lowered, step by step, until as many are chosen or kept as the talk has quarters of a minute, at most the floor.
 */
export function bestRound(talk: Talk, weigh: Scales, wanted: MomentsWanted): Judged[] {
  const judge = judgeOf(talk, wanted);
  const floor = floorOf(talk, wanted);
  const kept = (wanted.decided ?? []).filter((span) => span.kept).length;
  let best: Judged[] = [];
  for (const share of [1, 0.8, 0.6, 0.45, 0.3, 0]) {
    const bounds = { minMs: wanted.minDurationMs * share, maxMs: wanted.maxDurationMs };
    const candidates = candidatesIn(talk, { weigh, bounds, proposals: wanted.proposals });
    const round = judge(candidates, share < 1 ? floor : wanted.count);
    if (best.length === 0 || chosenOf(round) > chosenOf(best)) best = round;
    if (chosenOf(best) + kept >= floor) return best;
  }
  if (best.length > 0) return best;
  const bounds = { minMs: 0, maxMs: Number.POSITIVE_INFINITY };
  return judge(candidatesIn(talk, { weigh, bounds, proposals: null }), wanted.count);
}

const chosenOf = (round: readonly Judged[]): number => round.filter(({ rejection }) => rejection === null).length;

/** How few a talk has at least where there is room, those that people kept among them. */
function floorOf({ lines }: Talk, { count }: MomentsWanted): number {
  const totalMs = lengthOf(lines, 0, lines.length - 1);
  const floor = totalMs >= floors.longFromMs ? floors.long : floors.short;
  return Math.max(1, Math.min(count, floor, Math.floor(totalMs / floors.eachMs)));
}

/** Takes as many as there are to be in all: kept ones count. */
type Judge = (candidates: readonly Candidate[], count: number) => Judged[];

/** What decides between candidates besides their own worth: earlier decisions, likeness, topics, places. */
function judgeOf(talk: Talk, wanted: MomentsWanted): Judge {
  const alike = alikeIn(talk.lines, wanted.language);
  const decided = decidedRuns(talk.lines, wanted.decided ?? []);
  const starts = topicStarts(talk.lines, wanted.language);
  const topicOf = ({ from, to }: Run): number => starts.findLastIndex((start) => start <= (from + to) / 2);
  return (candidates, count) => {
    const felt = candidates
      .map((one) => ({ ...one, score: within01(one.score + leaningTo(one, decided, alike)) }))
      .sort((a, b) => b.score - a.score || a.from - b.from);
    const likeness = spreading(talk, alike, count);
    return judged(felt, { count, alike: likeness, topicOf, topicCount: starts.length, decided });
  };
}

/** Neighbours count as half alike, so that of equals those are taken that lie over the whole talk. */
function spreading({ lines }: Talk, alike: Alike, count: number): Alike {
  const nearMs = Math.max(1, lengthOf(lines, 0, lines.length - 1) / (2 * count));
  return (a, b) => {
    const [before, after] = a.from < b.from ? [a, b] : [b, a];
    const gapMs = (lines[after.from]?.startMs ?? 0) - (lines[before.to]?.endMs ?? 0);
    return Math.max(alike(a, b), 0.5 * within01(1 - gapMs / nearMs));
  };
}

const within01 = (value: number): number => Math.min(1, Math.max(0, value));
