import type { Span } from '#base/time.ts';
import { contentWords } from '#language/content-words.ts';
import type { TranscriptLine } from '#providers/language-model.ts';
import { wordTexts } from '#timeline/word-timing.ts';
import { asks, leaningOf } from './leaning.ts';
import { found, lexiconOf } from './lexicon.ts';
import { pausesAround } from './pauses.ts';
import { lineShifts } from './topic-starts.ts';

/** What speaks for or against one line, each 0 to 1. All deterministic; the API shows them as the reasons. */
export interface LineSignals {
  /** Words of content that are rare in this talk: their mean surprise, as a rank. */
  readonly novelty: number;
  /** Share of words of content among all. */
  readonly density: number;
  /** Says that something matters: "the lesson", "it turns out". */
  readonly cue: number;
  readonly question: number;
  readonly numbers: number;
  /** Speaks to the listener or of oneself. */
  readonly person: number;
  /** Its loudest moment is louder than those of the talk's other lines. */
  readonly energy: number;
  /** Said slower or faster than the talk's other lines. */
  readonly rate: number;
  /** Silence before and after: 1 from 1.2 s on. */
  readonly pauseBefore: number;
  readonly pauseAfter: number;
  /** The talk turns to another topic here. */
  readonly shift: number;
  /** Somebody else begins to speak. */
  readonly turn: number;
  /** Leans on what was said before: "And so it", an answer. */
  readonly leansBack: number;
  /** Slides, microphones, hesitation. */
  readonly housekeeping: number;
}

/** Loudness at even steps, in any unit that grows with loudness; only its rank within the talk is used. */
export interface LoudnessCurve {
  readonly stepMs: number;
  readonly levels: readonly number[];
}

interface Heard {
  readonly language: string;
  readonly silences: readonly Span[];
  readonly loudness?: LoudnessCurve | undefined;
}

/** A pause this long is as good as any longer one. */
const fullPauseMs = 1200;

/** The signals of each line, in order. */
export function lineSignals(lines: readonly TranscriptLine[], heard: Heard): LineSignals[] {
  const lexicon = lexiconOf(heard.language);
  const novelty = ranks(surprises(lines, heard.language));
  const density = ranks(densities(lines, heard.language));
  const rate = ranks(rateChanges(lines));
  const energy = heard.loudness ? ranks(levels(lines, heard.loudness)) : undefined;
  const leaning = leaningOf(lines, heard.language);
  const pauses = pausesAround(lines, heard.silences);
  const shifts = lineShifts(lines, heard.language);
  return lines.map((line, index) => ({
    novelty: novelty[index] ?? 0,
    density: density[index] ?? 0,
    cue: Math.min(1, found(lexicon.cues, line.text) / 2),
    question: asks(line.text) ? 1 : 0,
    numbers: Math.min(1, (found(lexicon.numbers, line.text) + (line.text.match(/\p{Nd}+/gu)?.length ?? 0)) / 2),
    person: Math.min(1, found(lexicon.persons, line.text) / 2),
    energy: energy?.[index] ?? 0.5,
    rate: rate[index] ?? 0,
    pauseBefore: Math.min(1, (pauses[index] ?? 0) / fullPauseMs),
    pauseAfter: Math.min(1, (pauses[index + 1] ?? 0) / fullPauseMs),
    shift: Math.min(1, shifts[index] ?? 0),
    turn: index > 0 && line.speaker !== lines[index - 1]?.speaker ? 1 : 0,
    leansBack: leaning[index] ?? 0,
    housekeeping: Math.min(1, found(lexicon.housekeeping, line.text)),
  }));
}

/** Mean surprise of a line's words of content, by how often the talk says them; 0 where there are none. */
function surprises(lines: readonly TranscriptLine[], language: string): number[] {
  const contentOf = contentWords(language);
  const contents = lines.map((line) => contentOf(line.text).map((word) => word.plain));
  const counts = new Map<string, number>();
  for (const word of contents.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const total = Math.max(1, contents.flat().length);
  return contents.map((words) => mean(words.map((word) => -Math.log((counts.get(word) ?? 1) / total))));
}

function densities(lines: readonly TranscriptLine[], language: string): number[] {
  const contentOf = contentWords(language);
  return lines.map((line) => contentOf(line.text).length / Math.max(1, wordTexts(line.text).length));
}

/** How far a line's letters per second are from the talk's middle, in octaves; letters exist in every script. */
function rateChanges(lines: readonly TranscriptLine[]): number[] {
  const rates = lines.map((line) => line.text.length / Math.max(0.2, (line.endMs - line.startMs) / 1000));
  const middle = [...rates].sort((a, b) => a - b)[rates.length >> 1] ?? 1;
  return rates.map((rate) => Math.abs(Math.log2(Math.max(0.1, rate) / Math.max(0.1, middle))));
}

const levels = (lines: readonly TranscriptLine[], { stepMs, levels }: LoudnessCurve): number[] =>
  lines.map((line) =>
    levels
      .slice(Math.floor(line.startMs / stepMs), Math.ceil(line.endMs / stepMs))
      .reduce((peak, level) => Math.max(peak, level), Number.NEGATIVE_INFINITY),
  );

/** Values as their rank from 0 to 1, equal ones alike: signals of different units become comparable. */
function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const rankOf = new Map<number, number>();
  for (const [index, value] of sorted.entries()) if (!rankOf.has(value)) rankOf.set(value, index);
  return values.map((value) => (rankOf.get(value) ?? 0) / Math.max(1, values.length - 1));
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
