import { z } from 'zod';
import { sourceMs } from '#base/time.ts';

const pixels = z.int().min(0);

/** A part of the picture, in pixels of the picture as it is shown (turned upright, pixels square). */
export const rectangle = z.object({ x: pixels, y: pixels, width: z.int().min(2), height: z.int().min(2) });
export type Rectangle = z.output<typeof rectangle>;

/** Width and height in pixels. */
export type Size = Pick<Rectangle, 'width' | 'height'>;

const instant = z.int().min(0).transform(sourceMs);

/** Instead of the whole picture, such as what lies between black bars. */
const within = rectangle.optional();

/**
 * Which part of the picture a shape shows. Data, so that our own analysis, a detector and a person write the same:
 * `FIT` the whole picture (bars in landscape, over its own blurred copy in upright shapes), `CENTRE` the middle, as much
 * as fills the frame, `TRACK` a window as high as the picture whose middle moves along `keys` (in order of time, on the
 * recording's timeline; between two keys it moves straight, `cut` jumps), `STACK` two parts, one above the other.
 */
export const cropPlan = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('FIT'), within }),
  z.object({ kind: z.literal('CENTRE'), within }),
  z.object({
    kind: z.literal('TRACK'),
    keys: z
      .array(z.object({ atMs: instant, x: pixels, cut: z.boolean().default(false) }))
      .min(1)
      .max(5_000),
    within,
  }),
  z.object({ kind: z.literal('STACK'), upper: rectangle, lower: rectangle }),
]);
export type CropPlan = z.output<typeof cropPlan>;
export type PlanOf<Kind extends CropPlan['kind']> = Extract<CropPlan, { kind: Kind }>;

/** Form of a picture, and what it is as a fraction. */
export const shapes = { LANDSCAPE: 16 / 9, SQUARE: 1, PORTRAIT: 9 / 16 } as const;
export type Shape = keyof typeof shapes;

/** The largest window of a form inside a part of the picture, in its middle. Not rounded. */
export function windowIn(part: Rectangle, form: number): Rectangle {
  const width = Math.min(part.width, part.height * form);
  const height = Math.min(part.height, part.width / form);
  return { x: part.x + (part.width - width) / 2, y: part.y + (part.height - height) / 2, width, height };
}
