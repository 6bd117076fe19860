declare const timeline: unique symbol;

/** Whole milliseconds on the recording's own timeline. */
export type SourceMs = number & { readonly [timeline]: 'source' };
/** Whole milliseconds on a clip's timeline (after cutting). */
export type ClipMs = number & { readonly [timeline]: 'clip' };

/** Rounds to a whole millisecond of the recording. The brand makes adding a clip's offset twice a type error. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a brand is made by asserting it, here and nowhere else
export const sourceMs = (value: number): SourceMs => Math.round(value) as SourceMs;
/** Rounds to a whole millisecond of a clip. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
export const clipMs = (value: number): ClipMs => Math.round(value) as ClipMs;

/** Half-open: `startMs` is inside, `endMs` is not. */
export interface Span<Ms extends number = SourceMs> {
  readonly startMs: Ms;
  readonly endMs: Ms;
}

/** One spoken word with its timing. `confidence` is 0 to 1 where the recogniser gives one. */
export interface Word<Ms extends number = SourceMs> extends Span<Ms> {
  readonly text: string;
  readonly confidence?: number;
}

/** Length of a span in milliseconds. */
export const durationOf = (span: Span<number>): number => span.endMs - span.startMs;

/** Whether two half-open spans share at least one millisecond. */
export const overlaps = (a: Span<number>, b: Span<number>): boolean => a.startMs < b.endMs && b.startMs < a.endMs;
