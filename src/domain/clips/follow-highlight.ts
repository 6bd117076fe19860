import type { Tx } from '#base/database.ts';
import { orderCaptions } from '#domain/transcripts/caption-order.ts';
import { spokenTranscript } from '#domain/transcripts/spoken-lines.ts';
import { recordingOf } from '#domain/uploads/recording.ts';
import { cutsOfHighlights } from './planned-cuts.ts';
import { reelOf } from './reel-cuts.ts';
import { reviseReel } from './save-reel.ts';

/**
 * Lays the reels that were made of a highlight out anew, in the transaction of its change, which has taken its turn on
 * the upload: each shows its highlights as they are now, save dismissed ones, and what it shows no more is stale. One
 * whose highlights are all dismissed stays as it is, as a clip of a dismissed highlight does: nothing is left that it
 * could show instead.
 */
export async function followHighlight(tx: Tx, highlightId: string): Promise<void> {
  const reels = await tx.clip.findMany({
    where: { origin: 'REEL', madeOf: { some: { highlightId } } },
    select: { id: true, uploadId: true, cuts: true, chapters: true, removeSilences: true, removeFillers: true },
    orderBy: { id: 'asc' },
  });
  for (const { removeSilences, removeFillers, ...reel } of reels) {
    const { id: transcriptId } = await spokenTranscript(tx, reel.uploadId);
    const recording = await recordingOf(tx, reel.uploadId);
    const laying = { recording, transcriptId, recipe: { clips: { removeSilences, removeFillers } } };
    const shown = { reels: { some: { clipId: reel.id } }, decision: { not: 'DISMISSED' } } as const;
    const planned = await cutsOfHighlights(tx, laying, shown);
    if (planned.length > 0 && (await reviseReel(tx, reel, reelOf(planned)))) await orderCaptions(tx, transcriptId);
  }
}
