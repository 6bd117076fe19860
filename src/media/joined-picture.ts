import { durationOf } from '#base/time.ts';
import { type Colours, toBt709 } from './colours.ts';
import { halfCrossfadeMs, handleMs } from './crossfade.ts';
import { type FrameRate, framesBefore, rateText } from './frame-rate.ts';
import type { Reach } from './reach.ts';

/** The cuts of a clip as they are read (`withHandles`), and which of them come in over the one before. */
interface Joining {
  readonly reaches: readonly Reach[];
  readonly fadesIn: ReadonlySet<number>;
  readonly rate: FrameRate;
  /** Of the recording, where they are known. */
  readonly colours?: Colours | undefined;
}

/**
 * Filter chains that join the cuts of all reaches into `[joined]` at a constant rate. Frames are counted along the
 * whole clip, so that twenty cuts do not add up twenty roundings: the picture is never more than half a frame off.
 * At the end they are numbered anew, because `fps` there lost the last frame with the 2018 build.
 */
export function joinedPicture(joining: Joining): string {
  const { reaches, rate } = joining;
  const pieces = piecesOf(joining);
  const inputs = reaches.map((_, input) =>
    opened(
      pieces.filter((piece) => piece.input === input),
      joining,
    ),
  );
  const blends = pieces.flatMap(({ blend, cut }) => (blend === 'in' ? [blended(cut, rate)] : []));
  const played = pieces.flatMap(({ blend, cut, label }) =>
    blend === 'out' ? [] : blend === 'in' ? [`[blend${cut}]`] : [`[${label}]`],
  );
  return [
    ...inputs.flat(),
    ...blends,
    `${played.join('')}concat=n=${played.length}:v=1:a=0,settb=${rate.below}/${rate.above},setpts=N[joined]`,
  ].join(';');
}

/** Frames of one input, `from` is inside and `to` is not: a cut, or what fades into it or out of it. */
interface Piece {
  readonly input: number;
  readonly cut: number;
  readonly blend: 'in' | 'out' | null;
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** All pieces in the order they play. */
function piecesOf({ reaches, fadesIn, rate }: Joining): Piece[] {
  const half = framesBefore(halfCrossfadeMs, rate);
  const parts = reaches.flatMap((reach, input) => reach.cuts.map((part) => ({ input, part, reach })));
  let clipMs = 0;
  return parts.flatMap(({ input, part, reach }, cut) => {
    const [lead, tail] = [fadesIn.has(cut), fadesIn.has(cut + 1)];
    const keptMs = durationOf(part) - handleMs(lead) - handleMs(tail);
    const from = framesBefore(part.startMs + handleMs(lead) - reach.startMs, rate);
    const to = from + framesBefore(clipMs + keptMs, rate) - framesBefore(clipMs, rate);
    clipMs += keptMs;
    const piece = (blend: Piece['blend'], range: { from: number; to: number }): Piece => ({
      input,
      cut,
      blend,
      ...range,
      label: `${blend ?? 'kept'}${cut}`,
    });
    return [
      ...(lead ? [piece('in', { from: from - half, to: from + half })] : []),
      piece(null, { from: from + (lead ? half : 0), to: to - (tail ? half : 0) }),
      ...(tail ? [piece('out', { from: to - half, to: to + half })] : []),
    ].filter((one) => one.from < one.to);
  });
}

/** The frames of one input, taken apart. A recording that ends early lends its last frame for two seconds. */
function opened(pieces: readonly Piece[], { rate, colours }: Joining): string[] {
  const [first] = pieces;
  if (!first) return [];
  const spare = framesBefore(2000, rate);
  const bt709 = colours ? toBt709(colours) : '';
  const all = `[${first.input}:V:0]fps=${rateText(rate)}:start_time=0${bt709},tpad=stop=${spare}:stop_mode=clone`;
  return [
    `${all},split=${pieces.length}${pieces.map(({ label }) => `[all${label}]`).join('')}`,
    ...pieces.map(
      ({ label, from, to }) => `[all${label}]trim=start_frame=${from}:end_frame=${to},setpts=PTS-STARTPTS[${label}]`,
    ),
  ];
}

/** Of a crossfade only its own frames are blended: `overlay` is in every build, `xfade` is not in the one of 2018. */
const blended = (cut: number, rate: FrameRate): string =>
  `[in${cut}]format=yuva420p,fade=t=in:s=0:n=${2 * framesBefore(halfCrossfadeMs, rate)}:alpha=1[over${cut}];` +
  `[out${cut - 1}][over${cut}]overlay=format=yuv420[blend${cut}]`;

/** Stands in as `[output]` for the picture of a recording that has none: a dark card for the captions. */
export const card = (of: {
  frame: { width: number; height: number };
  rate: FrameRate;
  lengthMs: number;
  output: string;
}): string =>
  `color=c=0x14213d:s=${of.frame.width}x${of.frame.height}:r=${rateText(of.rate)}:d=${(of.lengthMs / 1000).toFixed(3)}` +
  `[${of.output}]`;
