import { z } from 'zod';
import { sourceMs } from '#base/time.ts';
import type { PosterCandidate } from '#media/poster-candidates.ts';
import type { StoryboardLayout } from '#media/storyboard.ts';

const milliseconds = z.int().min(0).transform(sourceMs);
const pixels = z.int().positive();

const storyboard = z.object({
  columns: pixels,
  rows: pixels,
  tileWidth: pixels,
  tileHeight: pixels,
  timesMs: z.array(milliseconds),
});

const posters = z.array(z.object({ atMs: milliseconds, score: z.number() }));

/** The column of an analysis that says how a storyboard's tiles lie, read back; null without a picture. */
export const storyboardOf = (column: unknown): StoryboardLayout | null => (column ? storyboard.parse(column) : null);

/** The column with the pictures that would do as a poster, read back; best first. */
export const postersOf = (column: unknown): PosterCandidate[] => posters.parse(column);
