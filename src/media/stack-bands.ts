import { type Rectangle, type Size, windowIn } from './crop-plan.ts';

/** Where a part stands in the frame, and what of the picture it shows. Even numbers, as 4:2:0 wants them. */
export interface Band extends Rectangle {
  readonly from: Rectangle;
}

/** The upper part is read, so it keeps at least two fifths of the frame for the one who speaks. */
const mostUpper = 0.6;
/** How much of its width the lower part keeps when it is made higher: a head in the middle of an inset stays whole. */
const keptWidth = 0.6;
/** And of its height, when there is little room: what goes is below, because at the top there may be a head. */
const keptHeight = 0.6;

/**
 * Two parts, one above the other. The upper one is shown whole, as wide as the frame unless it would be too high; the
 * lower one fills the width and takes what height is left, at the price of its sides or of its bottom.
 */
export function bandsOf(
  frame: Size,
  { upper, lower, lift }: { readonly upper: Rectangle; readonly lower: Rectangle; readonly lift: number },
): { upper: Band; lower: Band } {
  const upperHeight = even(Math.min(heightOf(upper, frame.width), mostUpper * frame.height));
  const upperWidth = Math.min(frame.width, even((upperHeight * upper.width) / upper.height));
  const lowerHeight = even(Math.min(heightOf(lower, frame.width) / keptWidth, frame.height - upperHeight));
  const top = even((frame.height - upperHeight - lowerHeight) * lift);
  return {
    upper: { x: even((frame.width - upperWidth) / 2), y: top, width: upperWidth, height: upperHeight, from: upper },
    lower: {
      x: 0,
      y: top + upperHeight,
      width: frame.width,
      height: lowerHeight,
      from: { ...windowIn(lower, frame.width / lowerHeight), y: lower.y },
    },
  };
}

/** With less of the frame's height for the camera, captions would lie on the face: beside or below it is no room left. */
const leastLower = 0.45;

/** Whether the upper part stands in the frame whole, as wide as it is, with room enough for most of the lower one. */
export function standsWell(frame: Size, { upper, lower }: { upper: Rectangle; lower: Rectangle }): boolean {
  const left = frame.height - heightOf(upper, frame.width);
  return left >= leastLower * frame.height && left >= keptHeight * heightOf(lower, frame.width);
}

const heightOf = (part: Size, width: number): number => (width * part.height) / part.width;

const even = (value: number): number => 2 * Math.round(value / 2);
