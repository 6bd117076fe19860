import type { Span } from '#base/time.ts';
import { type CropPlan, type PlanOf, type Rectangle, type Size, windowIn } from './crop-plan.ts';
import type { FrameRate } from './frame-rate.ts';
import { bandsOf } from './stack-bands.ts';
import { movesOf, positionText } from './track-moves.ts';

/** How a picture becomes a frame. */
export interface Framing {
  readonly plan: CropPlan;
  /** Of the result, in pixels. */
  readonly frame: Size;
  /** Of the source as it is shown: the plan is written in its pixels. */
  readonly picture: Size;
  readonly rate: FrameRate;
  /** What the clip keeps of the recording, for plans that move. */
  readonly cuts: readonly Span[];
  /** Labels, without brackets. Frames come in counted from 0, turned upright, their pixels square or not. */
  readonly input: string;
  readonly output: string;
  /** Upper edge of what does not fill the frame, as a share of the free height. */
  readonly lift: number;
}

/** The filter chain of a plan: every frame of `[input]`, as large as the frame, becomes one of `[output]`. */
export function framed(framing: Framing): string {
  const { plan } = framing;
  if (plan.kind === 'FIT') return fitted(framing, plan);
  if (plan.kind === 'CENTRE') return filled(framing, plan);
  return plan.kind === 'TRACK' ? tracked(framing, plan) : stacked(framing, plan);
}

/**
 * Whole, with bars in landscape. Upright frames get the picture's own blurred and darkened copy behind it. The copy is
 * blurred at an eighth of the size: looks the same, costs a fiftieth.
 */
function fitted({ frame, picture, input, output, lift }: Framing, { within }: PlanOf<'FIT'>): string {
  const { width, height } = frame;
  const part = within ? `${cropTo(within, picture)},` : '';
  const fit =
    `${part}scale=w='2*trunc(min(${width},${height}*dar)/2)':h='2*trunc(min(${height},${width}/dar)/2)'` +
    `:flags=bicubic,setsar=1,format=yuv420p`;
  if (width > height) return `[${input}]${fit},pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2[${output}]`;
  return [
    `[${input}]split=2[${output}_near][${output}_far]`,
    blurred(frame, { from: `${output}_far`, to: `${output}_behind`, part }),
    `[${output}_near]${fit}[${output}_whole]`,
    `[${output}_behind][${output}_whole]overlay=x=(W-w)/2:y=(H-h)*${lift}:format=yuv420[${output}]`,
  ].join(';');
}

function blurred(frame: Size, { from, to, part = '' }: { from: string; to: string; part?: string }): string {
  const small = { width: even(frame.width / 8), height: even(frame.height / 8) };
  const cover = `scale=w='2*ceil(max(${small.width},${small.height}*dar)/2)':h='2*ceil(max(${small.height},${small.width}/dar)/2)'`;
  return (
    `[${from}]${part}${cover},setsar=1,crop=${small.width}:${small.height},format=yuv420p,boxblur=6:2,` +
    `lutyuv=y='16+(val-16)*0.5',scale=${frame.width}:${frame.height}:flags=bilinear,setsar=1[${to}]`
  );
}

const filled = (framing: Framing, { within }: PlanOf<'CENTRE'>): string =>
  `[${framing.input}]${cropTo(windowIn(within ?? wholeOf(framing), formOf(framing)), framing.picture)},` +
  `${scaledTo(framing.frame)}[${framing.output}]`;

/** A picture narrower than the frame leaves nothing to move along. */
function tracked(framing: Framing, plan: PlanOf<'TRACK'>): string {
  const { frame, picture, rate, cuts, input, output } = framing;
  const part = plan.within ?? wholeOf(framing);
  const window = windowIn(part, formOf(framing));
  const leftOf = (x: number): number =>
    Math.min(Math.max(x - window.width / 2, part.x), part.x + part.width - window.width);
  const keys = plan.keys.map((key) => ({ ...key, x: leftOf(key.x) }));
  const left = positionText(movesOf(keys, { cuts, rate }));
  return `[${input}]${cropTo(window, picture, left)},${scaledTo(frame)}[${output}]`;
}

function stacked({ frame, picture, input, output, lift }: Framing, { upper, lower }: PlanOf<'STACK'>): string {
  const bands = bandsOf(frame, { upper, lower, lift });
  const covers = bands.upper.width === frame.width && bands.upper.height + bands.lower.height === frame.height;
  const part = (name: 'upper' | 'lower'): string =>
    `[${output}_${name}]${cropTo(bands[name].from, picture)},${scaledTo(bands[name])}[${output}_${name}_band]`;
  const names = [`[${output}_upper]`, `[${output}_lower]`, ...(covers ? [] : [`[${output}_far]`])];
  const split = `[${input}]split=${names.length}${names.join('')}`;
  if (covers) {
    return [split, part('upper'), part('lower'), `[${output}_upper_band][${output}_lower_band]vstack[${output}]`].join(
      ';',
    );
  }
  return [
    split,
    blurred(frame, { from: `${output}_far`, to: `${output}_behind` }),
    part('upper'),
    part('lower'),
    `[${output}_behind][${output}_upper_band]overlay=x=${bands.upper.x}:y=${bands.upper.y}:format=yuv420[${output}_half]`,
    `[${output}_half][${output}_lower_band]overlay=x=${bands.lower.x}:y=${bands.lower.y}:format=yuv420[${output}]`,
  ].join(';');
}

/**
 * A crop in shares of what comes in: the decoded picture has other pixels than the shown one where those are not
 * square. `left` moves it by the frame's number.
 */
function cropTo({ x, y, width, height }: Rectangle, picture: Size, left = `${exact(x)}`): string {
  const across = (value: number | string): string => `iw*(${value})/${picture.width}`;
  const down = (value: number): string => `ih*${exact(value)}/${picture.height}`;
  return (
    `crop=w='min(iw,2*round(${across(exact(width))}/2))':h='min(ih,2*round(${down(height)}/2))'` +
    `:x='${across(left)}':y='${down(y)}'`
  );
}

const scaledTo = ({ width, height }: Size): string => `scale=${width}:${height}:flags=bicubic,setsar=1,format=yuv420p`;

const wholeOf = ({ picture }: Framing): Rectangle => ({ x: 0, y: 0, ...picture });

const formOf = ({ frame }: Framing): number => frame.width / frame.height;

const exact = (value: number): number => Math.round(value * 1000) / 1000;

const even = (value: number): number => 2 * Math.round(value / 2);
