import type { Span, Word } from '#base/time.ts';
import { hasFullStop } from '#timeline/sentences.ts';
import { type BreakableText, breakableText, type TextShape } from './caption-lines.ts';

/** How captions are set. Times in milliseconds, speed in characters a second. */
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

/**
 * Layouts as of 2026-11: Netflix's timed text guide (42 letters, 20 characters a second, 5/6 s to 7 s, 2 frames) and for
 * upright pictures two short lines for at most 2 s, as short-video captions follow the voice.
 */
export const captionLayouts = {
  LANDSCAPE: layoutOf({ charactersPerLine: 42, maxMs: 7000, speed: 17, maxSpeed: 20 }),
  SQUARE: layoutOf({ charactersPerLine: 28, maxMs: 4000, speed: 17, maxSpeed: 20 }),
  PORTRAIT: layoutOf({ charactersPerLine: 20, maxMs: 2000, speed: 20, maxSpeed: 25 }),
} as const;

function layoutOf(rest: Pick<CaptionLayout, 'charactersPerLine' | 'maxMs' | 'speed' | 'maxSpeed'>): CaptionLayout {
  return { lines: 2, minMs: 833, gapMs: 80, closedMs: 500, lingerMs: 500, ...rest };
}

/** The layout that fits a picture of this size. */
export const captionLayoutFor = (picture: { readonly width: number; readonly height: number }): CaptionLayout => {
  if (picture.width > picture.height * 1.2) return captionLayouts.LANDSCAPE;
  return picture.height > picture.width * 1.2 ? captionLayouts.PORTRAIT : captionLayouts.SQUARE;
};

type Spoken = Word<number>;

/** One caption: shown from its first word on. `text` are its lines. */
export interface Cue<Ms extends number> extends Span<Ms> {
  readonly lines: readonly string[];
  readonly text: string;
  readonly words: readonly Word<Ms>[];
}

/**
 * Words as captions, broken where it reads best (dynamic programming over all breaks). Every word comes once, in order;
 * cues do not overlap. Takes words in order of time; equal starts are moved a millisecond apart.
 */
export function captionCues<Ms extends number>(words: readonly Word<Ms>[], layout: CaptionLayout): Cue<Ms>[];
export function captionCues(words: readonly Spoken[], layout: CaptionLayout): Cue<number>[] {
  const spoken = apart(words);
  const setting = { spoken, layout, text: breakableText(spoken, layout) };
  return breaks(setting).map((range) => {
    const lines = setting.text.lines(range.from, range.to);
    return { ...shown(setting, range), lines, text: lines.join('\n'), words: spoken.slice(range.from, range.to) };
  });
}

function apart(words: readonly Spoken[]): Spoken[] {
  let latest = -1;
  return words.map((word) => {
    latest = Math.max(word.startMs, latest + 1);
    return { ...word, startMs: latest, endMs: Math.max(word.endMs, latest) };
  });
}

interface Setting {
  readonly spoken: readonly Spoken[];
  readonly layout: CaptionLayout;
  readonly text: BreakableText;
}

/** Indexes of the words of one cue, the end excluded. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** The cheapest way to cut the words into cues. */
function breaks(setting: Setting): Range[] {
  const cheapest = [0];
  const before = [0];
  for (let to = 1; to <= setting.spoken.length; to++) {
    cheapest[to] = Number.POSITIVE_INFINITY;
    for (let from = to - 1; from >= 0 && mayHold(setting, { from, to }); from--) {
      const cost = (cheapest[from] ?? 0) + cueCost(setting, { from, to });
      if (cost < (cheapest[to] ?? 0)) [cheapest[to], before[to]] = [cost, from];
    }
  }
  const ranges: Range[] = [];
  for (let to = setting.spoken.length; to > 0; to = before[to] ?? 0) ranges.push({ from: before[to] ?? 0, to });
  return ranges.reverse();
}

/** Whether the cue can fit at all: one word always may. */
function mayHold({ spoken, layout, text }: Setting, { from, to }: Range): boolean {
  if (to - from === 1) return true;
  const [first, last] = [spoken[from], spoken[to - 1]];
  if (!first || !last || last.endMs - first.startMs > layout.maxMs) return false;
  return text.width(from, to) <= layout.charactersPerLine * layout.lines + 1;
}

/** A cue by itself costs this much, so that a phrase is not cut where nothing asks for it. */
const costOfCue = 8;

function cueCost(setting: Setting, range: Range): number {
  const { spoken, layout, text } = setting;
  const { startMs, endMs } = shown(setting, range);
  const tooFast = Math.max(0, (text.width(range.from, range.to) * 1000) / (endMs - startMs) - layout.speed);
  const tooShort = Math.max(0, layout.minMs - (endMs - startMs)) / 20;
  const cost = costOfCue + text.linesCost(range.from, range.to) + text.breakCost(range.to);
  return cost + crossings(spoken, range) + Math.min(tooFast, 40) * 2 + tooShort;
}

/** A new sentence or a pause inside a cue shows words before they are said. */
function crossings(spoken: readonly Spoken[], { from, to }: Range): number {
  let cost = 0;
  for (let at = from + 1; at < to; at++) {
    const [word, next] = [spoken[at - 1], spoken[at]];
    if (!word || !next) break;
    if (hasFullStop(word.text)) cost += 12;
    cost += Math.max(0, next.startMs - word.endMs - 300) / 25;
  }
  return cost;
}

/** On screen from the first word; until it can be read, but not into the next cue and not long after the voice. */
function shown({ spoken, layout, text }: Setting, { from, to }: Range): Span<number> {
  const startMs = spoken[from]?.startMs ?? 0;
  const voiceEndMs = spoken[to - 1]?.endMs ?? 0;
  const readMs = Math.max(layout.minMs, (text.width(from, to) * 1000) / layout.speed);
  const lingersTo = Math.max(voiceEndMs + layout.lingerMs, startMs + layout.minMs);
  const wantedMs = Math.max(voiceEndMs, Math.min(startMs + readMs, lingersTo));
  const nextMs = spoken[to]?.startMs ?? Number.POSITIVE_INFINITY;
  const closedMs = nextMs - wantedMs <= layout.closedMs ? nextMs - layout.gapMs : wantedMs;
  const longestMs = Math.max(startMs + layout.maxMs, voiceEndMs);
  const endMs = Math.round(Math.max(startMs + 1, Math.min(closedMs, longestMs)));
  return { startMs, endMs: Math.min(endMs, nextMs) };
}
