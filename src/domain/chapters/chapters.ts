import { type SourceMs, type Span, sourceMs } from '#base/time.ts';
import { topicStarts } from '#domain/moments/topic-starts.ts';
import type { ProposedSubject, TranscriptLine } from '#providers/language-model.ts';
import { titledChapters } from './titles.ts';

/** A stretch of the whole recording with a name. */
export interface Chapter extends Span {
  readonly title: string;
}

/** What platforms ask for: the first at 0:00, at least three, none shorter than ten seconds (YouTube, 2026-11). */
const fewest = 3;
/** Two seconds more than asked for, since players round to seconds. */
const shortestMs = 12_000;

interface Told {
  readonly language: string;
  readonly durationMs: SourceMs;
  /** Where a model saw the talk turn to another subject; null lets the words decide alone. */
  readonly subjects: readonly ProposedSubject[] | null;
}

/**
 * The chapters of a recording, in order and without gaps from 0 to its end; none for a talk too short for three. Takes
 * lines in order of time.
 */
export function chaptersOf(lines: readonly TranscriptLine[], { language, durationMs, subjects }: Told): Chapter[] {
  const named = namedStarts(lines, subjects ?? [], durationMs);
  const starts = named.length >= fewest ? named : ownStarts(lines, { language, durationMs });
  if (starts.length < fewest) return [];
  const titles = titledChapters(lines, starts, { language, subjects: subjects ?? [] });
  return starts.map((at, index) => {
    const [from, next] = [lines[at], lines[starts[index + 1] ?? lines.length]];
    return {
      startMs: sourceMs(index === 0 ? 0 : (from?.startMs ?? 0)),
      endMs: next?.startMs ?? durationMs,
      title: titles[index] ?? '',
    };
  });
}

/** Where a model saw subjects begin, as indexes; what would make a chapter too short is left out. */
function namedStarts(
  lines: readonly TranscriptLine[],
  subjects: readonly ProposedSubject[],
  durationMs: number,
): number[] {
  const wanted = new Set(subjects.map(({ line }) => line));
  return longEnough(lines, [0, ...lines.flatMap(({ id }, at) => (at > 0 && wanted.has(id) ? [at] : []))], durationMs);
}

const ownStarts = (lines: readonly TranscriptLine[], { language, durationMs }: Pick<Told, 'language' | 'durationMs'>) =>
  longEnough(lines, topicStarts(lines, language, fewest), durationMs);

function longEnough(lines: readonly TranscriptLine[], starts: readonly number[], durationMs: number): number[] {
  const kept: number[] = [];
  for (const at of starts) {
    const startMs = at === 0 ? 0 : (lines[at]?.startMs ?? durationMs);
    const last = kept.at(-1);
    const beforeMs = last === undefined ? -shortestMs : last === 0 ? 0 : (lines[last]?.startMs ?? 0);
    if (startMs - beforeMs >= shortestMs && durationMs - startMs >= shortestMs) kept.push(at);
  }
  return kept;
}
