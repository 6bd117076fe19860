import { type Span, sourceMs } from '#base/time.ts';

/**
 * Half the length of a crossfade in milliseconds. It lies around the join, so that time on the clip runs as if there were
 * none: what is kept of a cut ends in the middle of it, and as much again is read and faded.
 */
export const halfCrossfadeMs = 100;

/** The cuts as they are read: half a crossfade longer where they fade over. `fadesIn`: which come in over the one before. */
export const withHandles = (cuts: readonly Span[], fadesIn: ReadonlySet<number>): Span[] =>
  cuts.map((cut, at) => ({
    startMs: sourceMs(cut.startMs - handleMs(fadesIn.has(at))),
    endMs: sourceMs(cut.endMs + handleMs(fadesIn.has(at + 1))),
  }));

/** How much more than its cut a part is read for, on a side that fades over or does not. */
export const handleMs = (fades: boolean): number => (fades ? halfCrossfadeMs : 0);
