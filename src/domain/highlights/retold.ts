import { overlaps, type Span } from '#base/time.ts';
import { lineSignals } from '#domain/moments/signals.ts';
import { telling } from '#domain/moments/telling.ts';
import type { SpokenText } from '#domain/transcripts/spoken-lines.ts';

interface Told {
  readonly quote: string;
  readonly summary: string;
}

/**
 * Quote and summary of a highlight with other bounds: those it has while its quote is still heard in it, else new ones
 * in the speaker's words. Where nothing is said they stay.
 */
export function retold(told: Told, { lines, language }: SpokenText, span: Span): Told {
  const inside = lines.filter((line) => overlaps(line, span));
  if (inside.length === 0 || inside.some(({ text }) => text.includes(told.quote))) return told;
  const whole = inside.filter((line) => line.startMs >= span.startMs && line.endMs <= span.endMs);
  const said = whole.length > 0 ? whole : inside;
  const { quote, summary } = telling(said, lineSignals(said, { language, silences: [] }), language);
  return { quote, summary };
}
