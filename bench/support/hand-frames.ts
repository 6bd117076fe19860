import type { CropPlan, Size } from '#media/crop-plan.ts';
import { type Preset, presets } from '#media/presets.ts';
import { bandsOf } from '#media/stack-bands.ts';

/** How a shape's frame is made of a picture of 1920 × 1080: our plan, and the filters that somebody would type for it. */
export interface HandFrame {
  readonly plan: CropPlan;
  filters(ends: { readonly input: string; readonly output: string }): string;
}

const shapes = ['LANDSCAPE_1080P', 'SQUARE_1080P', 'PORTRAIT_1080P'] as const;
type Frames = Readonly<Record<(typeof shapes)[number], HandFrame>>;

/** Where the corpus draws its camera, and the slides beside it. */
const [camera, slides] = [
  { x: 1416, y: 786, width: 480, height: 270 },
  { x: 0, y: 0, width: 1416, height: 1080 },
];

const chain = (plan: CropPlan, filters: string): HandFrame => ({
  plan,
  filters: ({ input, output }) => `[${input}]${filters}[${output}]`,
});

const whole = chain({ kind: 'FIT' }, 'null');

/** The frames by their name on the command line. */
export function framesNamed(name: string): Frames {
  const found = frames[name];
  if (!found) throw new Error(`Plans are one of ${Object.keys(frames).join(', ')}.`);
  return found;
}

/** `middle` shows the whole picture and its middle, `automatic` what a lecture gets where nobody chose. */
const frames: Readonly<Record<string, Frames>> = {
  middle: {
    LANDSCAPE_1080P: whole,
    SQUARE_1080P: chain({ kind: 'CENTRE' }, 'crop=1080:1080'),
    PORTRAIT_1080P: chain({ kind: 'CENTRE' }, 'crop=608:1080,scale=1080:1920'),
  },
  automatic: {
    LANDSCAPE_1080P: whole,
    SQUARE_1080P: { plan: { kind: 'FIT' }, filters: (ends) => overBlur({ width: 1080, height: 1080 }, ends) },
    PORTRAIT_1080P: {
      plan: { kind: 'STACK', upper: slides, lower: camera },
      filters: (ends) => stacked(presets.PORTRAIT_1080P, ends),
    },
  },
};

type Ends = Parameters<HandFrame['filters']>[0];

const overBlur = (frame: Size, { input, output }: Ends): string =>
  [
    `[${input}]split[${output}_near][${output}_far]`,
    blurred(frame, output),
    `[${output}_near]scale=${frame.width}:-2[${output}_whole]`,
    `[${output}_blur][${output}_whole]overlay=0:(H-h)*${presets.SQUARE_1080P.lift}[${output}]`,
  ].join(';');

function stacked({ frame, lift }: Preset, { input, output }: Ends): string {
  if (!frame) throw new Error('there is no picture to stack');
  const { upper, lower } = bandsOf(frame, { upper: slides, lower: camera, lift });
  const part = (name: string, { from, width, height }: typeof upper): string =>
    `[${output}_${name}]crop=${from.width}:${from.height}:${from.x}:${from.y},scale=${width}:${height}[${output}_${name}_band]`;
  return [
    `[${input}]split=3[${output}_up][${output}_low][${output}_far]`,
    blurred(frame, output),
    part('up', upper),
    part('low', lower),
    `[${output}_up_band][${output}_low_band]vstack[${output}_both]`,
    `[${output}_blur][${output}_both]overlay=0:${upper.y}[${output}]`,
  ].join(';');
}

/** Blurred small and darkened: nobody who knows ffmpeg blurs at full size. */
const blurred = ({ width, height }: Size, output: string): string =>
  `[${output}_far]scale=-2:${Math.round(height / 16) * 2},crop=ih*${width}/${height}:ih,boxblur=6:2,` +
  `lutyuv=y='16+(val-16)*0.5',scale=${width}:${height}:flags=bilinear,setsar=1[${output}_blur]`;
