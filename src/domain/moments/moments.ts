import { type Span, sourceMs } from '#base/time.ts';
import type { MomentRejection } from '#generated/prisma/enums.ts';
import { criteria, type TranscriptLine } from '#providers/language-model.ts';
import type { Judged } from './choice.ts';
import { bestRound, type MomentsWanted } from './rounds.ts';
import { type LoudnessCurve, lineSignals } from './signals.ts';
import { type Telling, telling } from './telling.ts';
import { topicsOf, topicVocabulary } from './topics.ts';
import { type Scales, scales, type Talk } from './windows.ts';

/** A span that was weighed, with what speaks for it. */
export interface Moment extends Span, Telling {
  /** Ids of its first and last line. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly topics: readonly string[];
  /** 0 to 1, comparable inside one recording only. */
  readonly importance: number;
  /** Signal or mark to value, each 0 to 1. */
  readonly signals: Readonly<Record<string, number>>;
  /** Why it was left out; null where it was chosen. */
  readonly rejection: MomentRejection | null;
}

/**
 * The moments of a talk, best first, at most 40: the chosen ones, and those that were left out with the reason. Fewer
 * than `count` are chosen when the talk has no room for more; at least one where a line is free. Takes lines in order of
 * time; the same lines give the same moments.
 */
export function weighMoments(
  lines: readonly TranscriptLine[],
  wanted: MomentsWanted & { readonly loudness?: LoudnessCurve | undefined },
): Moment[] {
  if (lines.length === 0) return [];
  const topics = (wanted.topics ?? []).map((topic) => topic.trim().toLowerCase()).filter(Boolean);
  const talk = { lines, signals: lineSignals(lines, wanted), topics };
  const weigh = scales(talk);
  return bestRound(talk, weigh, wanted).map(tellerOf(talk, weigh, wanted.language));
}

/** Turns what was judged into what is shown, in the speaker's own words or a model's. */
function tellerOf({ lines, signals }: Talk, weigh: Scales, language: string): (one: Judged) => Moment {
  const vocabulary = topicVocabulary(
    lines.map((line) => line.text),
    language,
  );
  return (one) => {
    const inside = lines.slice(one.from, one.to + 1);
    const told = telling(inside, signals.slice(one.from, one.to + 1), language);
    const terms = topicsOf(
      inside.map((line) => line.text),
      vocabulary,
    );
    return {
      ...boundsOf(inside),
      ...proposedOr({ ...told, topics: terms }, one),
      importance: rounded(one.score),
      signals: signalsOf(one, weigh),
      rejection: one.rejection,
    };
  };
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
const proposedOr = (told: Words, { proposal }: Judged): Words => ({
  ...told,
  ...(proposal?.title.trim() && { title: proposal.title.trim() }),
  ...(proposal?.summary.trim() && { summary: proposal.summary.trim() }),
  ...(proposal && proposal.topics.length > 0 && { topics: proposal.topics.slice(0, 4) }),
});

/** What was seen in the lines, and a model's marks as `judgedHook` and so on. */
function signalsOf(one: Judged, weigh: Scales): Record<string, number> {
  const { signals } = weigh(one);
  const seen = Object.entries(signals).map(([name, value]): [string, number] => [name, rounded(value)]);
  const { proposal } = one;
  const marks = proposal ? criteria.map((name): [string, number] => [nameOfMark(name), proposal.marks[name] / 25]) : [];
  return Object.fromEntries([...seen, ...marks]);
}

const nameOfMark = (name: string): string => `judged${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
