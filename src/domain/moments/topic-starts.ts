import { contentWords } from '#language/content-words.ts';
import { rootOf } from '#language/likeness.ts';
import { topicSegments } from '#language/topic-segments.ts';
import { type Heard, topicShifts } from '#language/topic-shifts.ts';
import type { TranscriptLine } from '#providers/language-model.ts';
import { found, lexiconOf } from './lexicon.ts';

/** How much speaks for a new topic at each line, 0 to about 3. */
export const lineShifts = (lines: readonly TranscriptLine[], language: string): number[] =>
  topicShifts(heardIn(lines, language));

/** Less strict, step by step, where more topics are wanted than stand out. */
const strictnesses = [2, 1, 0.5] as const;

/** The lines, as indexes in order, where topics start; the first is 0. At least `least` where the talk can be parted so. */
export function topicStarts(lines: readonly TranscriptLine[], language: string, least = 1): number[] {
  const said = heardIn(lines, language);
  let starts: number[] = [];
  for (const strictness of strictnesses) {
    starts = topicSegments(said, strictness);
    if (starts.length >= least) break;
  }
  return starts;
}

function heardIn(lines: readonly TranscriptLine[], language: string): Heard[] {
  const contentOf = contentWords(language);
  const { turns } = lexiconOf(language);
  return lines.map((line, at) => ({
    roots: contentOf(line.text).map(({ plain }) => rootOf(plain)),
    pauseBeforeMs: line.startMs - (lines[at - 1]?.endMs ?? line.startMs),
    announces: found(turns, line.text) > 0,
  }));
}
