import { sourceMs, type Word } from '#base/time.ts';
import type { Draft, DraftSegment } from '#domain/edits/draft.ts';
import { joinWords } from '#timeline/word-timing.ts';

/** An id that tests can say: the same number is the same id. */
export const idNumber = (number: number): string => `00000000-0000-4000-8000-${`${number}`.padStart(12, '0')}`;

/** A segment of words that follow each other without pauses, 300 ms each. */
function segmentOf(number: number, startMs: number, text: string): DraftSegment {
  const words: Word[] = text.split(' ').map((one, at) => ({
    text: one,
    startMs: sourceMs(startMs + at * 300),
    endMs: sourceMs(startMs + (at + 1) * 300),
  }));
  return {
    id: idNumber(number),
    startMs: sourceMs(startMs),
    endMs: words.at(-1)?.endMs ?? sourceMs(startMs),
    text: joinWords(words.map((word) => word.text)),
    words,
    confidence: null,
    edited: false,
    speakerId: null,
  };
}

export const ada = { id: idNumber(901), displayName: null };
export const ben = { id: idNumber(902), displayName: null };

/** Sentences behind each other with 500 ms between them, from 1 s on, numbered from 1; two speakers. */
export function draftOf(...texts: readonly string[]): Draft {
  let at = 1_000;
  const segments = texts.map((text, place) => {
    const segment = segmentOf(place + 1, at, text);
    at = segment.endMs + 500;
    return segment;
  });
  return { from: 0, segments, speakers: [ada, ben], durationMs: at + 1_000 };
}
