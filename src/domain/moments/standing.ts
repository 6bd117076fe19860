import { type Bounds, lengthOf, type Scales, type Talk, type Window } from './windows.ts';

/** A first line that leans on the one before by this much is not understood without it. */
const leansFrom = 0.5;
/** Further back stands another thought. */
const mostBack = 2;
/** What is left of the worth of a moment that nobody understands from its start. */
const danglingShare = 0.6;

/**
 * The window with a start that is understood alone: up to two lines earlier where its first line leans on what was said
 * before, never later, since that would cut into what leads to its point. Where no such start is near it is worth less.
 */
export function standing<Any extends Window>(
  { lines, signals }: Talk,
  window: Any,
  { weigh, bounds }: { readonly weigh: Scales; readonly bounds: Bounds },
): Any {
  const leans = (at: number): boolean => (signals[at]?.leansBack ?? 0) >= leansFrom;
  if (!leans(window.from)) return window;
  for (let from = window.from - 1; from >= Math.max(0, window.from - mostBack); from--) {
    if (lengthOf(lines, from, window.to) > bounds.maxMs || (signals[from]?.housekeeping ?? 0) > 0) break;
    if (!leans(from)) return { ...window, from, worth: weigh({ from, to: window.to }).worth };
  }
  return { ...window, worth: window.worth * danglingShare };
}
