import { z } from 'zod';
import { type ClipMs, type Span, sourceMs } from '#base/time.ts';
import { timeMap } from '#timeline/time-map.ts';
import { cutsOf } from './cuts-column.ts';

const chapter = z.object({
  /** Where it begins on the recording. */
  atMs: z.int().min(0).transform(sourceMs),
  title: z.string(),
  /** Whether it comes in over the one before. */
  fadesIn: z.boolean(),
});

/** A named place of a clip. */
export type ClipChapter = z.output<typeof chapter>;

/** A clip's chapters column, read back, in order; none where there is none. */
export const chaptersOf = (column: unknown): ClipChapter[] => z.array(chapter).parse(column ?? []);

/** Which cuts come in over the one before, by their index. */
export function fadesInOf(cuts: readonly Span[], chapters: readonly ClipChapter[]): ReadonlySet<number> {
  const fading = new Set(chapters.filter(({ fadesIn }) => fadesIn).map(({ atMs }) => atMs));
  return new Set(cuts.flatMap(({ startMs }, at) => (at > 0 && fading.has(startMs) ? [at] : [])));
}

/** The chapters of a clip by its columns, on its own timeline. */
export function chaptersInClip(cuts: unknown, chapters: unknown): (Span<ClipMs> & { title: string })[] {
  const map = timeMap(cutsOf(cuts));
  const starts = chaptersOf(chapters).map(({ atMs, title }) => ({ startMs: map.toClip(atMs), title }));
  return starts.map((chapter, at) => ({ ...chapter, endMs: starts[at + 1]?.startMs ?? map.durationMs }));
}
