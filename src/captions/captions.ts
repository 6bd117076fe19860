import { type Span, sourceMs, type Word } from '#base/time.ts';
import { hasFullStop } from '#timeline/sentences.ts';
import { spreadWords } from '#timeline/word-timing.ts';
import { type BreakableText, breakableText } from './breakable-text.ts';
import type { CaptionLayout } from './caption-layouts.ts';
import { widthOf } from './letters.ts';
import { withWholeNumbers } from './number-words.ts';

type Spoken = Word<number>;

/** One caption: shown from its first word on. `text` are its lines. */
export interface Cue<Ms extends number> extends Span<Ms> {
  readonly lines: readonly string[];
  readonly text: string;
  readonly words: readonly Word<Ms>[];
}

/**
 * Words as captions, broken where it reads best (dynamic programming over all breaks). Every word comes once, in order,
 * the parts of a Chinese or Thai number as one; cues do not overlap. Takes words in order of time; equal starts are moved
 * a millisecond apart. The language (BCP 47) decides which words must stay together.
 */
export function captionCues<Ms extends number>(
  words: readonly Word<Ms>[],
  layout: CaptionLayout,
  language?: string,
): Cue<Ms>[];
export function captionCues(words: readonly Spoken[], layout: CaptionLayout, language?: string): Cue<number>[] {
  const pieces = words.flatMap((word) => fitting(word, layout));
  const spoken = apart(withWholeNumbers(pieces, layout.charactersPerLine));
  const setting = { spoken, layout, text: breakableText(spoken, layout, language) };
  return breaks(setting).map((range) => {
    const lines = setting.text.lines(range.from, range.to);
    return { ...shown(setting, range), lines, text: lines.join('\n'), words: spoken.slice(range.from, range.to) };
  });
}

/** Some recognisers give a whole Chinese or Thai clause as one word: its written words share its time by their letters. */
function fitting(word: Spoken, layout: CaptionLayout): Spoken[] {
  if (widthOf(word.text) <= layout.charactersPerLine) return [word];
  const span = { startMs: sourceMs(word.startMs), endMs: sourceMs(word.endMs) };
  const pieces = spreadWords({ ...span, text: word.text }, []);
  return pieces.length > 1 ? pieces : [word];
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
/** A single word of a sentence that has more looks like something left over. */
const costOfLonelyWord = 15;

function cueCost(setting: Setting, range: Range): number {
  const { spoken, layout, text } = setting;
  const { startMs, endMs } = shown(setting, range);
  const tooFast = Math.max(0, (text.reading(range.from, range.to) * 1000) / (endMs - startMs) - layout.speed);
  const missingMs = Math.max(0, layout.minMs - (endMs - startMs));
  const cost = costOfCue + text.linesCost(range.from, range.to) + text.breakCost(range.to);
  const lonely = isLonely(spoken, range) ? costOfLonelyWord : 0;
  return cost + lonely + crossings(spoken, range) + Math.min(tooFast, 40) * 2 + missingMs / 20;
}

const isLonely = (spoken: readonly Spoken[], { from, to }: Range): boolean =>
  to - from === 1 && (!endsSentence(spoken[from]) || (from > 0 && !endsSentence(spoken[from - 1])));

const endsSentence = (word: Spoken | undefined): boolean => word !== undefined && hasFullStop(word.text);

/** A new sentence or a pause inside a cue shows words before they are said. */
function crossings(spoken: readonly Spoken[], { from, to }: Range): number {
  let cost = 0;
  for (let at = from + 1; at < to; at++) {
    const [word, next] = [spoken[at - 1], spoken[at]];
    if (!word || !next) break;
    if (endsSentence(word)) cost += 12;
    cost += Math.max(0, next.startMs - word.endMs - 300) / 25;
  }
  return cost;
}

/** On screen from the first word; until it can be read, but not into the next cue and not long after the voice. */
function shown({ spoken, layout, text }: Setting, { from, to }: Range): Span<number> {
  const startMs = spoken[from]?.startMs ?? 0;
  const voiceEndMs = spoken[to - 1]?.endMs ?? 0;
  const readMs = Math.max(layout.minMs, (text.reading(from, to) * 1000) / layout.speed);
  const lingersTo = Math.max(voiceEndMs + layout.lingerMs, startMs + layout.minMs);
  const wantedMs = Math.max(voiceEndMs, Math.min(startMs + readMs, lingersTo));
  const nextMs = spoken[to]?.startMs ?? Number.POSITIVE_INFINITY;
  const closedMs = nextMs - wantedMs <= layout.closedMs ? nextMs - layout.gapMs : wantedMs;
  const longestMs = Math.max(startMs + layout.maxMs, voiceEndMs);
  const endMs = Math.round(Math.max(startMs + 1, Math.min(closedMs, longestMs)));
  return { startMs, endMs: Math.min(endMs, nextMs) };
}
