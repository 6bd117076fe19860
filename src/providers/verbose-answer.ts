import { z } from 'zod';
import { type ClipMs, clipMs, type Word } from '#base/time.ts';
import type { Heard } from './heard.ts';
import { languageTag } from './language-tag.ts';

const seconds = z.number().min(0);
const spokenWord = z.object({ word: z.string(), start: seconds, end: seconds });
const segment = z.object({
  text: z.string(),
  end: seconds,
  avg_logprob: z.number().optional(),
  compression_ratio: z.number().optional(),
  no_speech_prob: z.number().optional(),
});
const verboseAnswer = z
  .object({
    text: z.string(),
    language: z.string().optional(),
    words: z.array(spokenWord).default([]),
    segments: z.array(segment).default([]),
  })
  .refine(({ text, words }) => text.trim() === '' || words.length > 0, 'text without word times');

type SpokenWord = z.output<typeof spokenWord>;
type Segment = z.output<typeof segment>;

/**
 * A `verbose_json` answer as words of ours. The service times bare words and punctuates only its segments, so each word
 * takes its writing from its segment. Segments that fail the recogniser's own tests are left out. Throws ZodError for
 * anything else than such an answer, a web page and text without word times included.
 */
export function heardFrom(answer: unknown): Heard {
  const { language, words, segments } = verboseAnswer.parse(answer);
  const spoken = segments.length === 0 ? words.map((word) => wordOf(word, word.word)) : inSegments(words, segments);
  const inventedWords = words.length - spoken.length;
  return { language: languageTag(language), words: spoken, turns: [], inventedWords };
}

function inSegments(words: readonly SpokenWord[], segments: readonly Segment[]): Word<ClipMs>[] {
  const spoken: Word<ClipMs>[] = [];
  let from = 0;
  for (const [at, segment] of segments.entries()) {
    const written = writings(words, from, segment.text);
    const last = at === segments.length - 1;
    const count = written?.length ?? (last ? words.length - from : countUntil(words, from, segment.end));
    const share = words.slice(from, from + count);
    from += count;
    if (isInvented(segment)) continue;
    const confidence = segment.avg_logprob === undefined ? undefined : Math.min(1, Math.exp(segment.avg_logprob));
    spoken.push(...share.map((word, index) => wordOf(word, written?.[index] ?? word.word, confidence)));
  }
  return [...spoken, ...words.slice(from).map((word) => wordOf(word, word.word))];
}

/**
 * The words of a segment as its text writes them, matched letter by letter from `from` on: "well" and "known" become
 * "well-" and "known,". Null when words and text differ; then times decide what belongs to the segment.
 */
function writings(words: readonly SpokenWord[], from: number, text: string): string[] | null {
  const written: string[] = [];
  const lastLetterAt = text.search(/[\p{L}\p{N}][^\p{L}\p{N}]*$/u);
  let at = 0;
  while (at <= lastLetterAt) {
    const wanted = lettersOf(words[from + written.length]?.word ?? '');
    const end = wanted === '' ? null : endOfLetters(text, at, wanted);
    if (end === null) return null;
    written.push(text.slice(at, end).trim());
    at = end;
  }
  return written;
}

/** Index after the given letters and the punctuation that hangs on them; null when the text goes on otherwise. */
function endOfLetters(text: string, at: number, wanted: string): number | null {
  let [end, found] = [at, ''];
  while (found.length < wanted.length && end < text.length) {
    const character = String.fromCodePoint(text.codePointAt(end) ?? 0);
    found += lettersOf(character);
    end += character.length;
  }
  const hanging = /^[^\p{L}\p{N}\s\p{Ps}\p{Pi}]*/u.exec(text.slice(end))?.[0].length ?? 0;
  return found === wanted ? end + hanging : null;
}

/** Upper case, because lower case has a letter that depends on its place: Greek sigma. */
const lettersOf = (text: string): string => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');

/** How many words begin before the segment ends. */
function countUntil(words: readonly SpokenWord[], from: number, end: number): number {
  const after = words.findIndex((word, index) => index >= from && word.start >= end);
  return (after < 0 ? words.length : after) - from;
}

/** Whisper's own thresholds: text that packs too well repeats itself; doubt together with silence is invention. */
const isInvented = ({ compression_ratio = 0, no_speech_prob = 0, avg_logprob = 0 }: Segment): boolean =>
  compression_ratio > 2.4 || (no_speech_prob > 0.6 && avg_logprob < -1);

const wordOf = ({ start, end }: SpokenWord, text: string, confidence?: number): Word<ClipMs> => ({
  text: text.trim(),
  startMs: clipMs(start * 1000),
  endMs: clipMs(Math.max(start, end) * 1000),
  ...(confidence !== undefined && { confidence }),
});
