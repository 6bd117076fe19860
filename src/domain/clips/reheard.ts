import type { Tx } from '#base/database.ts';
import { overlaps, type Span, type Word } from '#base/time.ts';
import { requoteHighlights } from '#domain/highlights/requote.ts';
import { orderCaptions } from '#domain/transcripts/caption-order.ts';
import { spokenText, spokenTranscript, spokenWords } from '#domain/transcripts/spoken-lines.ts';
import { transcribe } from '#domain/transcripts/transcribe.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import type { TranscriptLine } from '#providers/language-model.ts';
import { wordsInClip } from '#timeline/time-map.ts';
import type { StageWork } from '#work/stage.ts';
import { cutsOf } from './cuts-column.ts';
import { captioned, reviseClip } from './revise-clip.ts';

/**
 * Makes the recording's transcript. Where it stands in place of another one, the same commit does what an edit does: it
 * quotes highlights anew, gives clips in which other words are heard their next revision, and has their caption files
 * made again.
 */
export const transcribeAndRevise: StageWork = {
  ...transcribe,

  async work(context) {
    const commit = await transcribe.work(context);
    const { uploadId } = context.run;
    return async (tx) => {
      await takeTurn(tx, uploadId);
      const [before, lines] = [await heardInClips(tx, uploadId), await quotedLines(tx, uploadId)];
      const made = await commit(tx);
      await reviseReheard(tx, uploadId, before);
      await requoteReheard(tx, uploadId, lines);
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

/** The sentences that highlights are quoted from; none where nothing was chosen yet. */
async function quotedLines(tx: Tx, uploadId: string): Promise<readonly TranscriptLine[]> {
  const chosen = await tx.highlight.count({ where: { uploadId } });
  return chosen === 0 ? [] : (await spokenText(tx, uploadId)).lines;
}

/** A highlight's quote is a sentence of it, and what is said there now is the sentence of the same time. */
async function requoteReheard(tx: Tx, uploadId: string, lines: readonly TranscriptLine[]): Promise<void> {
  if (lines.length === 0) return;
  const now = (await spokenText(tx, uploadId)).lines;
  const span = { startMs: 0, endMs: Math.max(...[...lines, ...now].map(({ endMs }) => endMs)) };
  const within = (all: readonly TranscriptLine[], range: Span<number>) =>
    all.flatMap((line) => (overlaps(line, range) ? [{ ...line, id: line.segmentId }] : []));
  await requoteHighlights(tx, { uploadId, span }, (range) => [
    { before: within(lines, range), after: within(now, range) },
  ]);
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
