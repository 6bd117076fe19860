import type { TextShape } from './breakable-text.ts';

/** How captions are set. Times in milliseconds, speed in Latin letters a second (`readingOf`). */
export interface CaptionLayout extends TextShape {
  readonly minMs: number;
  readonly maxMs: number;
  /** Comfortable reading speed; above `maxSpeed` nobody can follow. */
  readonly speed: number;
  readonly maxSpeed: number;
  /** Least gap between cues (two frames at 25 a second); gaps up to `closedMs` are closed to it. */
  readonly gapMs: number;
  readonly closedMs: number;
  /** How long a cue may stay after its last word. */
  readonly lingerMs: number;
}

/** Netflix's timed text guide, November 2026: 17 letters a second and not above 20, 5/6 s to 7 s, two frames between. */
const rules = { lines: 2, minMs: 833, speed: 17, maxSpeed: 20, gapMs: 80, closedMs: 500, lingerMs: 500 } as const;

/**
 * By the picture's shape. 42 letters are Netflix's; upright pictures have room for 20 and show them for at most 2 s, as
 * short-video captions follow the voice.
 */
export const captionLayouts = {
  LANDSCAPE: { ...rules, charactersPerLine: 42, maxMs: 7000 },
  SQUARE: { ...rules, charactersPerLine: 28, maxMs: 4000 },
  PORTRAIT: { ...rules, charactersPerLine: 20, maxMs: 2000 },
} as const satisfies Record<string, CaptionLayout>;

/** Form of a picture. */
export type CaptionShape = keyof typeof captionLayouts;

/** The form of a picture of this size; a fifth of difference still counts as square. */
export const shapeOf = (picture: { readonly width: number; readonly height: number }): CaptionShape => {
  if (picture.width > picture.height * 1.2) return 'LANDSCAPE';
  return picture.height > picture.width * 1.2 ? 'PORTRAIT' : 'SQUARE';
};
