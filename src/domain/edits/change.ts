import { z } from 'zod';
import { sourceMs } from '#base/time.ts';
import { columnOf, wordsOf } from '#domain/transcripts/words.ts';
import type { Draft, DraftSegment, DraftSpeaker } from './draft.ts';

/** Segments in a row, and where in the transcript the first of them stands. */
interface Hunk {
  readonly at: number;
  readonly segments: readonly DraftSegment[];
}

/** One state of what an edit changed: the hunks that differ and the speakers that do. */
export interface Side {
  readonly hunks: readonly Hunk[];
  readonly speakers: readonly DraftSpeaker[];
}

/** An edit as data: each hunk of `before` became the one of `after` at the same place of the list. Backwards it is its undo. */
export interface Change {
  readonly before: Side;
  readonly after: Side;
}

/** What became another between two states of one draft. Segments that are the same object did not change. */
export function changeBetween(before: Draft, after: Draft): Change {
  const hunks = hunksBetween(before, after);
  const changed = after.speakers.filter((one) => !before.speakers.includes(one));
  const was = before.speakers.filter(({ id }) => changed.some((one) => one.id === id));
  return {
    before: { hunks: hunks.map(([one]) => one), speakers: was },
    after: { hunks: hunks.map(([, one]) => one), speakers: changed },
  };
}

function hunksBetween({ from, segments: before }: Draft, { segments: after }: Draft): [Hunk, Hunk][] {
  const hunks: [Hunk, Hunk][] = [];
  const [kept, stayed] = [new Set(after), new Set(before)];
  for (let [i, j] = [0, 0]; i < before.length || j < after.length; i++, j++) {
    const [olds, news] = [until(before, i, kept), until(after, j, stayed)];
    if (olds.length + news.length > 0)
      hunks.push([
        { at: from + i, segments: olds },
        { at: from + j, segments: news },
      ]);
    i += olds.length;
    j += news.length;
  }
  return hunks;
}

/** The segments from a place on up to one that is in both states. */
function until(segments: readonly DraftSegment[], from: number, both: ReadonlySet<DraftSegment>): DraftSegment[] {
  let end = from;
  for (let one = segments[end]; one && !both.has(one); one = segments[end]) end++;
  return segments.slice(from, end);
}

/** Whether an edit changed nothing. */
export const isEmpty = ({ after }: Change): boolean => after.hunks.length === 0 && after.speakers.length === 0;

/** The segments of one side, in order. */
export const segmentsOf = ({ hunks }: Side): DraftSegment[] => hunks.flatMap(({ segments }) => segments);

const stored = z.object({
  hunks: z.array(
    z.object({
      at: z.int(),
      segments: z.array(
        z.object({
          id: z.uuid(),
          startMs: z.int().transform(sourceMs),
          endMs: z.int().transform(sourceMs),
          text: z.string(),
          confidence: z.number().nullable(),
          edited: z.boolean(),
          speakerId: z.uuid().nullable(),
          words: z.unknown().transform(wordsOf),
        }),
      ),
    }),
  ),
  speakers: z.array(z.object({ id: z.uuid(), displayName: z.string().nullable() })),
});

/** A side of a change as it is kept with its edit, read back. */
export const sideOf = (column: unknown): Side => stored.parse(column);

/** A side of a change as it is written. */
export const sideColumn = ({ hunks, speakers }: Side) => ({
  hunks: hunks.map(({ at, segments }) => ({
    at,
    segments: segments.map(({ words, ...segment }) => ({ ...segment, words: columnOf(words) })),
  })),
  speakers: speakers.map((speaker) => ({ ...speaker })),
});
