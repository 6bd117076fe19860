import type { Span } from '#base/time.ts';
import { withHandles } from './crossfade.ts';
import type { Input } from './ffmpeg-job.ts';
import { inputOf, type Reach, reachesOf } from './reach.ts';

/** What of a recording plays in a clip, and in which order. */
export interface CutList {
  /** A file, or the address of a recording behind our own server of ranges. */
  readonly source: string;
  /** Kept spans of the recording, in order. */
  readonly cuts: readonly Span[];
  /** Which cuts come in over the one before, by their index; the others are joined hard. */
  readonly fadesIn: ReadonlySet<number>;
}

/** The stretches to read for it. */
export const reachesIn = ({ cuts, fadesIn }: CutList): Reach[] => reachesOf(withHandles(cuts, fadesIn));

/** The same as inputs of one call. */
export const inputsOf = (list: CutList): Input[] => reachesIn(list).map((reach) => inputOf(list.source, reach));
