import { durationOf } from '#base/time.ts';
import { type FrameRate, framesBefore, rateText } from './frame-rate.ts';
import type { Preset } from './presets.ts';
import type { Reach } from './reach.ts';

/**
 * Filter chains that join the cuts of all reaches into `[joined]` at a constant rate. Frames are counted along the
 * whole clip, so that twenty cuts do not add up twenty roundings: the picture is never more than half a frame off.
 * At the end they are numbered anew, because `fps` there lost the last frame with the 2018 build.
 */
export function joinedPicture(reaches: readonly Reach[], rate: FrameRate): string {
  let clipMs = 0;
  const chains: string[] = [];
  const labels: string[] = [];
  for (const [input, reach] of reaches.entries()) {
    const parts = reach.cuts.map((_, cut) => `[q${input}_${cut}]`);
    const spare = framesBefore(2000, rate);
    chains.push(
      `[${input}:V:0]fps=${rateText(rate)}:start_time=0,tpad=stop=${spare}:stop_mode=clone,` +
        `split=${parts.length}${parts.join('')}`,
    );
    for (const [cut, span] of reach.cuts.entries()) {
      const from = framesBefore(span.startMs - reach.startMs, rate);
      const count = framesBefore(clipMs + durationOf(span), rate) - framesBefore(clipMs, rate);
      clipMs += durationOf(span);
      if (count === 0) {
        chains.push(`${parts[cut]}nullsink`);
        continue;
      }
      const label = `[p${input}_${cut}]`;
      chains.push(`${parts[cut]}trim=start_frame=${from}:end_frame=${from + count},setpts=PTS-STARTPTS${label}`);
      labels.push(label);
    }
  }
  return [
    ...chains,
    `${labels.join('')}concat=n=${labels.length}:v=1:a=0,settb=${rate.below}/${rate.above},setpts=N[joined]`,
  ].join(';');
}

/** Stands in for the picture of a recording that has none: one dark card for the captions. */
export const card = (size: Size, rate: FrameRate, lengthMs: number): string =>
  `color=c=0x14213d:s=${size.width}x${size.height}:r=${rateText(rate)}:d=${(lengthMs / 1000).toFixed(3)}[joined]`;

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Fits `[joined]` into the preset's frame as `[framed]`, always whole: without face detection any crop may cut a head
 * off. Landscape gets black bars; upright frames get the picture's own blurred and darkened copy behind it. The copy is
 * blurred at an eighth of the size: looks the same, costs a fiftieth.
 */
export function framed(preset: Preset & { frame: Size }): string {
  const { width, height } = preset.frame;
  const top = `(H-h)*${preset.lift}`;
  const fit = `scale=w='2*trunc(min(${width},${height}*dar)/2)':h='2*trunc(min(${height},${width}/dar)/2)':flags=bicubic,setsar=1`;
  if (width > height) {
    return `[joined]${fit},pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,format=yuv420p[framed]`;
  }
  const small = { width: even(width / 8), height: even(height / 8) };
  const cover = `scale=w='2*ceil(max(${small.width},${small.height}*dar)/2)':h='2*ceil(max(${small.height},${small.width}/dar)/2)'`;
  return [
    '[joined]split=2[near][far]',
    `[far]${cover},setsar=1,crop=${small.width}:${small.height},format=yuv420p,boxblur=6:2,lutyuv=y='16+(val-16)*0.5',` +
      `scale=${width}:${height},setsar=1[behind]`,
    `[near]${fit},format=yuv420p[whole]`,
    `[behind][whole]overlay=x=(W-w)/2:y=${top}:format=yuv420,format=yuv420p[framed]`,
  ].join(';');
}

const even = (value: number): number => 2 * Math.round(value / 2);
