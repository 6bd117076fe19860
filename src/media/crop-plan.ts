import { z } from 'zod';
import { sourceMs } from '#base/time.ts';

const pixels = z.int().min(0);

/** A part of the picture, in pixels of the picture as it is shown (turned upright, pixels square). */
export const rectangle = z.object({ x: pixels, y: pixels, width: z.int().min(2), height: z.int().min(2) });
export type Rectangle = z.output<typeof rectangle>;

const instant = z.int().min(0).transform(sourceMs);

/**
 * Which part of the picture a shape shows. Data, so that our own analysis, a detector and a person write the same:
 * `FIT` the whole picture (bars in landscape, over its own blurred copy in upright shapes), `CENTRE` the middle, as much
 * as fills the frame, `TRACK` a window as high as the picture whose middle moves along `keys` (in order of time, on the
 * recording's timeline; between two keys it moves straight, `cut` jumps), `STACK` two parts, one above the other.
 */
export const cropPlan = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('FIT') }),
  z.object({ kind: z.literal('CENTRE') }),
  z.object({
    kind: z.literal('TRACK'),
    keys: z
      .array(z.object({ atMs: instant, x: pixels, cut: z.boolean().default(false) }))
      .min(1)
      .max(5_000),
  }),
  z.object({ kind: z.literal('STACK'), upper: rectangle, lower: rectangle }),
]);
export type CropPlan = z.output<typeof cropPlan>;
