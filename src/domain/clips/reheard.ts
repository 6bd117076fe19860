import type { Tx } from '#base/database.ts';
import type { Span, Word } from '#base/time.ts';
import { orderCaptions } from '#domain/transcripts/caption-order.ts';
import { spokenTranscript, spokenWords } from '#domain/transcripts/spoken-lines.ts';
import { transcribe } from '#domain/transcripts/transcribe.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import { wordsInClip } from '#timeline/time-map.ts';
import type { StageWork } from '#work/stage.ts';
import { cutsOf } from './cuts-column.ts';
import { captioned, reviseClip } from './revise-clip.ts';

/**
 * Makes the recording's transcript. Where it stands in place of another one, the same commit gives clips in which other
 * words are heard their next revision, as an edit does, and has their caption files made again.
 */
export const transcribeAndRevise: StageWork = {
  ...transcribe,

  async work(context) {
    const commit = await transcribe.work(context);
    const { uploadId } = context.run;
    return async (tx) => {
      await takeTurn(tx, uploadId);
      const before = await heardInClips(tx, uploadId);
      const made = await commit(tx);
      await reviseReheard(tx, uploadId, before);
      return made;
    };
  },
};

async function reviseReheard(tx: Tx, uploadId: string, before: ReadonlyMap<string, string>): Promise<void> {
  const after = await heardInClips(tx, uploadId);
  const reheard = [...after].filter(([id, heard]) => heard !== before.get(id));
  if (reheard.length === 0) return;
  for (const [id] of reheard) await reviseClip(tx, id, { stale: captioned });
  await orderCaptions(tx, (await spokenTranscript(tx, uploadId)).id);
}

/** What is heard in each clip of an upload, by the clip's id. */
async function heardInClips(tx: Tx, uploadId: string): Promise<Map<string, string>> {
  const clips = await tx.clip.findMany({
    where: { uploadId },
    select: { id: true, cuts: true },
    orderBy: { id: 'asc' },
  });
  if (clips.length === 0) return new Map();
  const words = await spokenWords(tx, (await spokenTranscript(tx, uploadId)).id);
  return new Map(clips.map(({ id, cuts }) => [id, heardIn(words, cutsOf(cuts))]));
}

/** What of some words is heard in a clip, and when, as one text. */
export const heardIn = (words: readonly Word[], cuts: readonly Span[]): string =>
  JSON.stringify(wordsInClip(words, cuts).map(({ startMs, endMs, text }) => [startMs, endMs, text]));
