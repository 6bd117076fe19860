import type { SourceMs } from '#base/time.ts';
import type { Look } from './picture-look.ts';

/** A picture that would do as a poster, and how well, 0 to 1. */
export interface PosterCandidate {
  readonly atMs: SourceMs;
  readonly score: number;
}

const mostCandidates = 8;
/** Candidates are at least this part of the recording apart, or they would all be of one scene. */
const apart = 1 / 10;
/** Below it there is nothing to see: black, white, a plain colour. */
const leastScore = 0.1;

/**
 * How well a picture would do: sharp, with contrast, neither dark nor blown out. A focused face and a full slide get 0.5
 * and more, a fade or a blurred move less than half of that, a plain colour 0.
 */
export function posterScore({ brightness, contrast, sharpness }: Look): number {
  const exposure = Math.min(1, Math.max(0, (brightness - 0.06) / 0.15)) * Math.min(1, (1.02 - brightness) / 0.1);
  const score = exposure * Math.sqrt(Math.min(1, contrast / 0.25) * Math.min(1, sharpness / 0.04));
  return Math.round(score * 1000) / 1000;
}

/** The best of them, spread over the recording; best first, the earlier of equals before the later. */
export function posterCandidates(pictures: readonly PosterCandidate[], durationMs: number): PosterCandidate[] {
  const chosen: PosterCandidate[] = [];
  for (const picture of pictures.toSorted((a, b) => b.score - a.score || a.atMs - b.atMs)) {
    if (chosen.length === mostCandidates || picture.score < leastScore) break;
    const near = chosen.some(({ atMs }) => Math.abs(atMs - picture.atMs) < durationMs * apart);
    if (!near) chosen.push(picture);
  }
  return chosen;
}
