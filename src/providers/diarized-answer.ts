import { z } from 'zod';
import { clipMs } from '#base/time.ts';
import type { Heard, Turn } from './heard.ts';

const seconds = z.number().min(0);
const diarizedAnswer = z
  .object({
    text: z.string(),
    segments: z.array(z.object({ speaker: z.string().trim().min(1), start: seconds, end: seconds, text: z.string() })),
  })
  .refine(({ text, segments }) => text.trim() === '' || segments.length > 0, 'text without turns');

/**
 * A `diarized_json` answer as turns of ours, in order. Such models time no words and do not say which language they
 * heard. Throws ZodError for anything else than such an answer.
 */
export function turnsFrom(answer: unknown): Heard {
  const turns = diarizedAnswer.parse(answer).segments.map(({ speaker, start, end, text }) => ({
    startMs: clipMs(start * 1000),
    endMs: clipMs(Math.max(start, end) * 1000),
    text: text.trim(),
    speaker,
  }));
  const spoken = turns.filter(({ text }) => text !== '').toSorted((a, b) => a.startMs - b.startMs);
  return { language: 'und', words: [], turns: spoken.map(untilNext), inventedWords: 0 };
}

/** Where two speak at once, the earlier turn ends where the later begins, but keeps half of its time. */
function untilNext(turn: Turn, at: number, turns: readonly Turn[]): Turn {
  const next = turns[at + 1]?.startMs ?? turn.endMs;
  const middle = (turn.startMs + turn.endMs) / 2;
  return { ...turn, endMs: clipMs(Math.min(turn.endMs, Math.max(next, middle))) };
}
