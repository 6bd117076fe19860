import { durationOf, type Span, sourceMs } from '#base/time.ts';
import { halfCrossfadeMs } from '#media/crossfade.ts';
import { fewCuts, mostCuts } from '#timeline/cuts.ts';
import type { ClipChapter } from './chapters-column.ts';

/** A highlight that a reel shows. */
interface Shown {
  readonly title: string;
  readonly cuts: readonly Span[];
}

/** What a reel shows: cuts that do not overlap, and where each highlight begins. */
export interface Reel {
  readonly cuts: Span[];
  readonly chapters: ClipChapter[];
}

/** More crossfades than these are a habit, and over a shorter cut nothing of it would stand still. */
const most = { parts: 8, cutMs: 450 } as const;

/**
 * The highlights in timeline order as one video, a chapter for each. Neighbouring highlights may share the pause between
 * them: nothing is shown twice. Others fade over into each other; they give up half of the fade on either side, so that
 * it shows nothing beyond them.
 */
export function reelOf(highlights: readonly Shown[]): Reel {
  const inOrder = withFewCuts(highlights).sort((a, b) => startOf(a) - startOf(b));
  const mayFade = inOrder.length <= most.parts;
  const cuts: Span[] = [];
  const chapters: ClipChapter[] = [];
  for (const { title, cuts: own } of inOrder) {
    const fadesIn = mayFade && canFade(cuts.at(-1), own[0]);
    if (fadesIn) shorten(cuts);
    const [first, ...rest] = own;
    if (!first) continue;
    const start = { ...first, startMs: sourceMs(first.startMs + (fadesIn ? halfCrossfadeMs : 0)) };
    chapters.push({ title, atMs: start.startMs, fadesIn });
    for (const cut of [start, ...rest]) append(cuts, cut);
  }
  return { cuts, chapters };
}

/** As many cuts as one clip may have, shared out as the highlights have them. */
function withFewCuts(highlights: readonly Shown[]): Shown[] {
  const total = highlights.reduce((sum, { cuts }) => sum + cuts.length, 0);
  if (total <= mostCuts) return [...highlights];
  return highlights.map((one) => ({
    ...one,
    cuts: fewCuts(one.cuts, Math.floor((mostCuts * one.cuts.length) / total)),
  }));
}

const startOf = ({ cuts }: Shown): number => cuts[0]?.startMs ?? 0;

const canFade = (before: Span | undefined, after: Span | undefined): boolean =>
  before !== undefined &&
  after !== undefined &&
  after.startMs > before.endMs &&
  durationOf(before) >= most.cutMs &&
  durationOf(after) >= most.cutMs;

/** Takes half of a fade off the last cut. */
function shorten(cuts: Span[]): void {
  const last = cuts.pop();
  if (last) cuts.push({ ...last, endMs: sourceMs(last.endMs - halfCrossfadeMs) });
}

/** What touches or overlaps the last cut makes it longer. */
function append(cuts: Span[], cut: Span): void {
  const last = cuts.at(-1);
  if (!last || cut.startMs > last.endMs) cuts.push(cut);
  else cuts[cuts.length - 1] = { ...last, endMs: sourceMs(Math.max(last.endMs, cut.endMs)) };
}
