import type { SourceMs } from '#base/time.ts';
import type { LayoutFrames } from './layout-frames.ts';

/** Where the one who speaks is at a moment: the middle of the head, as a share of the picture's width, 0 to 1. */
export interface Sighting {
  readonly atMs: SourceMs;
  readonly x: number;
}

/**
 * Looks for people in pictures. None is shipped: our own analysis knows no faces. Pictures of parts of a recording come
 * two a second, in order; a picture in which nobody is found has no sighting. Throws PROVIDER_UNAVAILABLE or
 * PROVIDER_BAD_ANSWER, or what the signal was aborted with.
 */
export interface SubjectDetector {
  /** Decides, with its version, what it would find: part of the key of what is made from it. */
  readonly name: string;
  find(frames: LayoutFrames, signal: AbortSignal): Promise<readonly Sighting[]>;
}
