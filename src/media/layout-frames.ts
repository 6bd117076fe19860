import type { SourceMs } from '#base/time.ts';

/** Small gray pictures of a recording, one for each key frame that was kept: what layout analysis looks at. */
export interface LayoutFrames {
  readonly width: number;
  readonly height: number;
  /** When each is shown, in order. */
  readonly timesMs: readonly SourceMs[];
  /** `width × height` bytes each, row by row. */
  readonly pictures: readonly Uint8Array[];
}
