import { type Span, sourceMs, type Word } from '#base/time.ts';
import { plainWord } from '#timeline/word-timing.ts';
import type { SpokenSegment } from './speech-to-text.ts';

/** What recognisers write although nobody said it: descriptions of sounds, text over silence, loops. */

const soundNote = /^\s*(?:[[(*♪♫][^\])]*[\])*♪♫]|[♪♫]+)\s*$/u;

/** Whether a text only describes a sound, such as `[Music]` or `(applause)`. */
export const isSoundNote = (text: string): boolean => soundNote.test(text);

/** Longer brackets are speech that was written with brackets. */
const longestNoteWords = 6;

/** Words without those of bracketed sound notes, also where a note is several words. */
export function withoutSoundNotes<W extends { readonly text: string }>(words: readonly W[]): W[] {
  const kept: W[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const length = noteLength(words, at);
    const word = words[at];
    if (length === 0 && word !== undefined) kept.push(word);
    else at += length - 1;
  }
  return kept;
}

function noteLength(words: readonly { readonly text: string }[], at: number): number {
  if (!/^[[(*♪♫]/u.test(words[at]?.text ?? '')) return 0;
  for (let length = longestNoteWords; length > 0; length -= 1) {
    const text = words
      .slice(at, at + length)
      .map((word) => word.text)
      .join(' ');
    if (isSoundNote(text.replace(/[.,!?]+$/u, ''))) return length;
  }
  return 0;
}

/** A word this deep inside a silence has no sound under it; recognisers misplace real words by up to 300 ms at an edge. */
const insideMs = 150;

/** Words without those that lie wholly inside a silence. Both in order of time. */
export function withoutUnheard<W extends Word>(words: readonly W[], silences: readonly Span[]): W[] {
  const deep = silences.map((silence) => ({
    startMs: sourceMs(silence.startMs + insideMs),
    endMs: sourceMs(silence.endMs - insideMs),
  }));
  let next = 0;
  return words.filter((word) => {
    while (next < deep.length && (deep[next]?.endMs ?? 0) < word.startMs) next += 1;
    const silence = deep[next];
    return silence === undefined || word.startMs < silence.startMs || word.endMs > silence.endMs;
  });
}

/** Three times the same in a row is a loop of the recogniser; people repeat only short exclamations. */
const loop = { times: 3, words: 3 } as const;

/** Segments with each loop reduced to its first turn. */
export function withoutLoops(segments: readonly SpokenSegment[]): SpokenSegment[] {
  const turns = segments.map(({ words }) => words.map((word) => plainWord(word.text)).join(' '));
  return segments.filter((segment, at) => {
    if (segment.words.length < loop.words || turns[at] !== turns[at - 1]) return true;
    let from = at;
    while (turns[from - 1] === turns[at]) from -= 1;
    let to = at;
    while (turns[to + 1] === turns[at]) to += 1;
    return to - from + 1 < loop.times;
  });
}
