import type { Tx } from '#base/database.ts';
import { sourceMs } from '#base/time.ts';
import { wordsOf } from '#domain/transcripts/words.ts';
import type { Draft } from './draft.ts';

/** Reads the part of a transcript that holds some of its segments and their neighbours, with all its speakers. */
export async function stretchAround(
  tx: Tx,
  { id: transcriptId, durationMs }: { id: string; durationMs: number },
  segmentIds: readonly string[],
): Promise<Draft> {
  const named = await tx.transcriptSegment.aggregate({
    where: { transcriptId, id: { in: [...new Set(segmentIds)] } },
    _min: { position: true },
    _max: { position: true },
  });
  const [first, last] = [named._min.position, named._max.position];
  const position = first === null || last === null ? { lt: 0 } : { gte: first - 1, lte: last + 1 };
  const rows = await tx.transcriptSegment.findMany({
    where: { transcriptId, position },
    orderBy: { position: 'asc' },
    select: {
      id: true,
      position: true,
      startMs: true,
      endMs: true,
      text: true,
      words: true,
      confidence: true,
      edited: true,
      speakerId: true,
    },
  });
  const speakers = await tx.speaker.findMany({ where: { transcriptId }, select: { id: true, displayName: true } });
  const segments = rows.map(({ position: _position, startMs, endMs, words, ...row }) => ({
    ...row,
    startMs: sourceMs(startMs),
    endMs: sourceMs(endMs),
    words: wordsOf(words),
  }));
  return { from: rows[0]?.position ?? 0, segments, speakers, durationMs };
}
