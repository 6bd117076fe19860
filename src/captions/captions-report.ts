import { z } from 'zod';
import { keysOf } from '#base/record.ts';
import { hasFullStop } from '#timeline/sentences.ts';
import { joinWords } from '#timeline/word-timing.ts';
import type { CaptionLayout } from './caption-layouts.ts';
import { badBreak, breakCosts } from './caption-lines.ts';
import type { Cue } from './captions.ts';
import { readingOf, widthOf } from './letters.ts';

/** Rules of readable captions: how bad it is to break one, and what `worst` counts. */
export const captionRules = {
  LINE_TOO_LONG: { severity: 'FAULT', worst: 'letters in the longest line.' },
  TOO_MANY_LINES: { severity: 'FAULT', worst: 'lines at most.' },
  FAST: { severity: 'WARNING', worst: 'letters a second, above 17.' },
  TOO_FAST: { severity: 'FAULT', worst: 'letters a second, above 20.' },
  TOO_SHORT: { severity: 'FAULT', worst: 'milliseconds on screen at least; 833 are enough.' },
  TOO_LONG: { severity: 'FAULT', worst: 'milliseconds on screen at most.' },
  OVERLAP: { severity: 'FAULT', worst: 'milliseconds that two captions share at most.' },
  GAP_TOO_SMALL: { severity: 'FAULT', worst: 'milliseconds between two captions at least; two frames are enough.' },
  GAP_LEFT_OPEN: { severity: 'WARNING', worst: 'milliseconds of a gap that should have been closed.' },
  PHRASE_SPLIT: { severity: 'WARNING', worst: 'breaks in one caption between words that belong together.' },
  SENTENCE_CROSSED: { severity: 'WARNING', worst: 'sentences that end inside one caption.' },
} as const satisfies Record<string, { severity: 'FAULT' | 'WARNING'; worst: string }>;

export type CaptionRule = keyof typeof captionRules;
const isRule = (name: string): name is CaptionRule => name in captionRules;
const ruleNames = Object.keys(captionRules).filter(isRule);

/** How well captions can be read: for each broken rule how often, how badly, and where that is. */
export const captionsReport = z.object({
  cueCount: z.int(),
  violations: z.array(z.object({ rule: z.enum(ruleNames), count: z.int(), worst: z.number(), worstAtMs: z.int() })),
});
export type CaptionsReport = z.output<typeof captionsReport>;

/** Holds captions to the rules of their layout. */
export function reportOf(cues: readonly Cue<number>[], layout: CaptionLayout, language?: string): CaptionsReport {
  const seen = cues.map((cue, index) => ({ cue, next: cues[index + 1], layout, language }));
  const violations = ruleNames.flatMap((rule) => {
    const breaks = seen.flatMap((neighbours) => {
      const value = checks[rule](neighbours);
      return value === undefined ? [] : [{ value, atMs: neighbours.cue.startMs }];
    });
    const worst = breaks.reduce<(typeof breaks)[number] | undefined>(
      (found, next) => (found && !isWorse(rule, next.value, found.value) ? found : next),
      undefined,
    );
    return worst
      ? [{ rule, count: breaks.length, worst: rounded(worst.value), worstAtMs: Math.round(worst.atMs) }]
      : [];
  });
  return { cueCount: cues.length, violations };
}

/** Rules that only our own setting of lines and times can break, however fast somebody speaks. */
export type SettingFault = Extract<CaptionRule, 'LINE_TOO_LONG' | 'TOO_MANY_LINES' | 'OVERLAP'>;

/** Faults for which captions are not drawn. A single word that is wider than its line is none: it cannot be broken. */
export function settingFaults(cues: readonly Cue<number>[], layout: CaptionLayout): SettingFault[] {
  const isWord = (line: string, { words }: Cue<number>): boolean => words.some(({ text }) => text === line);
  const tooWide = (cue: Cue<number>): boolean =>
    cue.lines.some((line) => widthOf(line) > layout.charactersPerLine && !isWord(line, cue));
  const faults: Record<SettingFault, boolean> = {
    LINE_TOO_LONG: cues.some(tooWide),
    TOO_MANY_LINES: cues.some(({ lines }) => lines.length > layout.lines),
    OVERLAP: cues.some((cue, at) => gapOf(cue, cues[at + 1]) < 0),
  };
  return keysOf(faults).filter((fault) => faults[fault]);
}

/** A cue with what it is held against. */
interface Seen {
  readonly cue: Cue<number>;
  readonly next: Cue<number> | undefined;
  readonly layout: CaptionLayout;
  readonly language: string | undefined;
}

const when = (isBroken: boolean, value: number): number | undefined => (isBroken ? value : undefined);

/** How badly a cue breaks each rule; undefined where it keeps it. */
const checks: Readonly<Record<CaptionRule, (seen: Seen) => number | undefined>> = {
  LINE_TOO_LONG: ({ cue, layout }) => {
    const longest = Math.max(...cue.lines.map(widthOf));
    return when(longest > layout.charactersPerLine, longest);
  },
  TOO_MANY_LINES: ({ cue, layout }) => when(cue.lines.length > layout.lines, cue.lines.length),
  FAST: ({ cue, layout }) => when(speedOf(cue) > layout.speed && speedOf(cue) <= layout.maxSpeed, speedOf(cue)),
  TOO_FAST: ({ cue, layout }) => when(speedOf(cue) > layout.maxSpeed, speedOf(cue)),
  TOO_SHORT: ({ cue, layout }) => when(lengthOf(cue) < layout.minMs, lengthOf(cue)),
  TOO_LONG: ({ cue, layout }) => when(lengthOf(cue) > layout.maxMs, lengthOf(cue)),
  OVERLAP: ({ cue, next }) => when(gapOf(cue, next) < 0, -gapOf(cue, next)),
  GAP_TOO_SMALL: ({ cue, next, layout }) => when(gapOf(cue, next) < layout.gapMs, Math.max(0, gapOf(cue, next))),
  GAP_LEFT_OPEN: ({ cue, next, layout }) => {
    const gapMs = gapOf(cue, next);
    return when(gapMs > layout.gapMs && gapMs <= layout.closedMs, gapMs);
  },
  PHRASE_SPLIT: (seen) => {
    const count = badBreaks(seen);
    return when(count > 0, count);
  },
  SENTENCE_CROSSED: ({ cue }) => {
    const ends = cue.words.slice(0, -1).filter((word) => hasFullStop(word.text)).length;
    return when(ends > 0, ends);
  },
};

const speedOf = (cue: Cue<number>): number => (readingOf(cue.lines.join(' ')) * 1000) / Math.max(1, lengthOf(cue));
const lengthOf = (cue: Cue<number>): number => cue.endMs - cue.startMs;
const gapOf = (cue: Cue<number>, next: Cue<number> | undefined): number =>
  next ? next.startMs - cue.endMs : Number.POSITIVE_INFINITY;

/** Breaks between words that belong together: at the end of the first line, and at the end of the cue. */
function badBreaks({ cue, next, language }: Seen): number {
  const costs = breakCosts([...cue.words, ...(next?.words.slice(0, 1) ?? [])], language);
  const [first] = cue.lines;
  const secondLine = cue.words.findIndex(
    (_, at) => joinWords(cue.words.slice(0, at).map((word) => word.text)) === first,
  );
  return [secondLine, cue.words.length].filter((at) => at > 0 && (costs[at] ?? 0) > badBreak).length;
}

const lowerIsWorse: ReadonlySet<CaptionRule> = new Set(['TOO_SHORT', 'GAP_TOO_SMALL']);

const isWorse = (rule: CaptionRule, value: number, than: number): boolean =>
  lowerIsWorse.has(rule) ? value < than : value > than;

const rounded = (value: number): number => Math.round(value * 10) / 10;
