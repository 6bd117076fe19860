import { unspacedLetters } from '#language/unspaced-scripts.ts';
import type { TranscriptLine } from '#providers/language-model.ts';
import type { SourceQuote } from './body.ts';

/** Fewer are said in any recording: `that is all`. */
const fewestWords = 4;

/** Finds the lines of a transcript in which a text is said word for word, whatever its capitals and punctuation. */
export function quotedLines(lines: readonly TranscriptLine[]): (text: string) => SourceQuote[] {
  const said = lines.flatMap((line) => wordsOf(line.text).map((word) => ({ word, line })));
  const places = Map.groupBy(said.keys(), (at) => said[at]?.word ?? '');
  return (text) => {
    const words = wordsOf(text);
    if (words.length < fewestWords) return [];
    const starts = places.get(words[0] ?? '') ?? [];
    const start = starts.find((at) => words.every((word, place) => said[at + place]?.word === word));
    if (start === undefined) return [];
    return [...new Set(said.slice(start, start + words.length).map(({ line }) => line))].map(quoteOf);
  };
}

/** Letters of scripts without spaces are words of their own. */
const word = new RegExp(`[${unspacedLetters}]|[\\p{L}\\p{M}\\p{N}]+`, 'gu');

const wordsOf = (text: string): string[] => text.normalize('NFKC').toLowerCase().match(word) ?? [];

const quoteOf = ({ segmentId, startMs, endMs, text }: TranscriptLine): SourceQuote => ({
  segmentId,
  startMs,
  endMs,
  text,
});
