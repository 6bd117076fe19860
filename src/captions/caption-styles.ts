import type { CaptionShape } from './caption-layouts.ts';
import { type CaptionSafeArea, safeAreas } from './safe-areas.ts';

/** How drawn captions look. Colours as RRGGBB; lengths in shares of the letter size (1 em). */
interface CaptionStyle {
  readonly colour: string;
  /** Of the word that is being said. */
  readonly spokenColour: string | null;
  readonly outline: number;
  readonly shadow: number;
  /** A box behind all lines of a caption, with its padding; without one the outline keeps letters legible. */
  readonly box: { readonly colour: string; readonly opacity: number; readonly padding: number } | null;
}

/** White with a black outline is legible on any picture; the warm yellow stands out from white also without colour vision. */
export const captionStyles = {
  PLAIN: { colour: 'FFFFFF', spokenColour: null, outline: 0.09, shadow: 0.045, box: null },
  BOXED: {
    colour: 'FFFFFF',
    spokenColour: null,
    outline: 0,
    shadow: 0,
    box: { colour: '101010', opacity: 0.8, padding: 0.3 },
  },
  KARAOKE: { colour: 'FFFFFF', spokenColour: 'FFD42B', outline: 0.09, shadow: 0.045, box: null },
} as const satisfies Record<string, CaptionStyle>;

/** Which of the looks. */
export type CaptionStyleName = keyof typeof captionStyles;

/** The frame that captions are drawn into, in pixels, and whose buttons they keep clear of. */
export interface CaptionFrame {
  readonly width: number;
  readonly height: number;
  readonly shape: CaptionShape;
  readonly safeArea: CaptionSafeArea;
  /** Where one part of the picture ends and the next begins, in pixels from the top; absent where it is of one piece. */
  readonly seam?: number | undefined;
}

/** Where captions stand, in pixels: space at both sides and below, and the letter size (1 em). */
export interface CaptionPlace {
  readonly side: number;
  readonly bottom: number;
  readonly letterSize: number;
}

/** Average width of a letter of English in Inter Bold, spaces counted, with room for wide words. */
const emPerLetter = 0.6;

/** From the foot of a line to that of the next. */
const emPerLine = 1.2;

/**
 * Wide: the BBC's 68 % of the width. The letter size is what lets a full line fit in, but not above a share of the shorter
 * side: larger captions hide what is shown. At a seam the last line stands right below it: over the space above a head and
 * the foot of a slide, not over a face.
 */
export function placeOf(frame: CaptionFrame, charactersPerLine: number): CaptionPlace {
  const { width, height } = frame;
  const { side, bottom, largest } = shares(frame);
  const room = width * (1 - 2 * side);
  const letterSize = Math.min(room / (charactersPerLine * emPerLetter), Math.min(width, height) * largest);
  const atSeam = frame.seam === undefined ? 0 : height - frame.seam - emPerLine * letterSize;
  return {
    side: Math.round(width * side),
    bottom: Math.round(Math.max(height * bottom, atSeam)),
    letterSize: Math.max(1, letterSize),
  };
}

function shares({ shape, safeArea }: CaptionFrame): { side: number; bottom: number; largest: number } {
  if (shape === 'LANDSCAPE') return { side: 0.16, bottom: 0.07, largest: 0.052 };
  if (shape === 'SQUARE') return { side: 0.08, bottom: 0.08, largest: 0.056 };
  const { side, bottom } = safeAreas[safeArea];
  return { side: side / 1080, bottom: bottom / 1920, largest: 0.07 };
}
