import type { TranscriptLine } from '#providers/language-model.ts';
import { joinWords, wordTexts } from '#timeline/word-timing.ts';
import type { LineSignals } from './signals.ts';
import { spareTitle, titleFitness, titleFrom } from './title.ts';
import { valueOf } from './windows.ts';

/** What a moment is called and says, in the speaker's own words. */
export interface Telling {
  readonly title: string;
  readonly summary: string;
  /** Exact text of one line, or of its beginning when the line is very long. */
  readonly quote: string;
}

const longestSummary = 280;
const longestQuoteWords = 40;

/** Title, summary and quote of the lines of one moment. `signals` are those of the same lines. */
export function telling(lines: readonly TranscriptLine[], signals: readonly LineSignals[], language: string): Telling {
  const worth = signals.map((line) => valueOf(line) + 0.2 * line.novelty - line.housekeeping);
  const best = (scores: readonly number[]): number => scores.indexOf(Math.max(...scores));
  const titleAt = best(lines.map((line, index) => (worth[index] ?? 0) + titleFitness(line.text, language)));
  const quoteAt = best(
    lines.map(
      (line, index) =>
        (worth[index] ?? 0) + quotable(line.text) + (0.3 * index) / lines.length - (signals[index]?.leansBack ?? 0) / 4,
    ),
  );
  return {
    title: titleFrom(lines[titleAt]?.text ?? '', language) || spareTitle(lines[titleAt]?.text ?? ''),
    summary: summaryOf(lines, best(worth.map((value, index) => (index === 0 ? value - 0.3 : value)))),
    quote: beginning(lines[quoteAt]?.text ?? '', longestQuoteWords),
  };
}

/** Six to thirty words can be quoted; a question or an announcement asks for what follows it. */
const quotable = (text: string): number => {
  const words = wordTexts(text).length;
  return (words >= 6 && words <= 30 ? 0.4 : 0) - (/[?？]|^(?:here (?:is|are)|here's|let me)\b/iu.test(text) ? 0.4 : 0);
};

/** The first line, which sets the scene, and the best other one, in their order. */
function summaryOf(lines: readonly TranscriptLine[], best: number): string {
  const [first, other] = [lines[0]?.text.trim() ?? '', lines[best === 0 ? 1 : best]?.text.trim()];
  const both = other === undefined ? first : joinWords([first, other]);
  if (both.length <= longestSummary) return both;
  const one = other !== undefined && best !== 0 && other.length <= longestSummary ? other : first;
  return one.length <= longestSummary ? one : `${beginning(one, 40).slice(0, longestSummary - 1)}…`;
}

/** The first words of a text exactly as written. */
function beginning(text: string, words: number): string {
  const end = [...text.matchAll(/\S+/gu)][words - 1];
  return end === undefined ? text : text.slice(0, end.index + end[0].length);
}
