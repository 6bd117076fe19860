import { talk } from './talk.ts';
import type { Timeline } from './timeline.ts';

/** What is said when, in milliseconds: one line for each sentence, its words as [text, start, end]. */
export function truthOf({ durationMs, sentences }: Timeline): string {
  const lines = sentences.map(({ section, startMs, endMs, text, words }) =>
    JSON.stringify({
      section,
      startMs,
      endMs,
      text,
      words: words.map((word) => [word.text, word.startMs, word.endMs]),
    }),
  );
  const sections = JSON.stringify(talk.map(({ title }) => title));
  return `{\n"durationMs": ${Math.round(durationMs)},\n"sections": ${sections},\n"sentences": [\n${lines.join(',\n')}\n]\n}\n`;
}
