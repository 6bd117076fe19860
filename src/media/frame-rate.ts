import type { MediaFacts } from './probe.ts';

/** Frames a second as an exact fraction. */
export interface FrameRate {
  readonly above: number;
  readonly below: number;
}

const usual: readonly FrameRate[] = [
  { above: 24_000, below: 1001 },
  { above: 24, below: 1 },
  { above: 25, below: 1 },
  { above: 30_000, below: 1001 },
  { above: 30, below: 1 },
];

/**
 * The rate of a clip: the source's own when platforms take it (23 to 60 a second), half of it when it is double, else
 * 30. Never above 30: speech gains nothing from more and each frame costs.
 */
export function clipFrameRate(video: MediaFacts['video']): FrameRate {
  const rate = video === null || video.variableFrameRate ? 30 : video.frameRate;
  const near = (wanted: number) => usual.find(({ above, below }) => Math.abs(wanted - above / below) < 0.005);
  return near(rate) ?? near(rate / 2) ?? { above: 30, below: 1 };
}

/** Frames a second on which the cuts of a clip lie: its own, not those of a recording that shows a new one now and then. */
export function gridRate(video: NonNullable<MediaFacts['video']>): number {
  const { above, below } = clipFrameRate(video);
  return above / below;
}

/** Number of frames that come before a moment; a moment between two frames belongs to the nearer one. */
export const framesBefore = (ms: number, { above, below }: FrameRate): number =>
  Math.round((ms * above) / (below * 1000));

export const rateText = ({ above, below }: FrameRate): string => `${above}/${below}`;
