import type { Tx } from '#base/database.ts';
import { openFolder } from '#base/temp.ts';
import { captionFiles, saveCaptionFiles } from '#domain/transcripts/caption-files.ts';
import { captionOrder } from '#domain/transcripts/caption-order.ts';
import { spokenTranscript, spokenWords } from '#domain/transcripts/spoken-lines.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import { wordsInClip } from '#timeline/time-map.ts';
import type { Making } from '#work/made-once.ts';
import type { Worker } from '#work/worker.ts';
import { clipCaptions, saveCaptions } from './clip-captions.ts';
import { cutsOf } from './cuts-column.ts';

/**
 * Makes the caption files of a transcript and of all clips it is heard in, as they are to be now. Those that are right
 * are found under their keys. No run stands for this work, so the upload is held while files of it are put into storage:
 * whoever erases or sweeps waits for that moment, and finds them with their rows or not at all.
 */
export async function remakeCaptions(worker: Worker, payload: unknown, signal: AbortSignal): Promise<void> {
  const { prisma } = worker.database;
  const { transcriptId } = captionOrder.parse(payload);
  const where = { id: transcriptId };
  const transcript = await prisma.transcript.findUnique({ where, select: { workspaceId: true, uploadId: true } });
  if (!transcript) return;
  const { workspaceId, uploadId } = transcript;
  await using folder = await openFolder(worker.folder);
  const run = { id: null, workspaceId, uploadId };
  const making: Making = { worker, folder, signal, run, stageRunId: null, reserve: async () => {} };
  await inTurn(making, (tx) => ofTranscript(tx, making, transcriptId));
  for (const { id: clipId } of await captionedClips(prisma, uploadId)) {
    signal.throwIfAborted();
    await inTurn(making, (tx) => ofClip(tx, making, { clipId, transcriptId }));
  }
}

/** Storage's own patience and more, as for a sweep. */
const turn = { timeout: 60_000, maxWait: 10_000 };

/** Does something while the upload is held; nothing once it is gone. */
async function inTurn({ worker, run }: Making, work: (tx: Tx) => Promise<void>): Promise<void> {
  await worker.database.prisma.$transaction(async (tx) => {
    if ((await takeTurn(tx, run.uploadId)) !== null) await work(tx);
  }, turn);
}

async function ofTranscript(tx: Tx, making: Making, transcriptId: string): Promise<void> {
  const transcript = await tx.transcript.findUnique({ where: { id: transcriptId }, select: { language: true } });
  if (!transcript) return;
  const { language } = transcript;
  const words = await spokenWords(tx, transcriptId);
  const files = await captionFiles(making, { words, language, bucket: 'transcripts' });
  await saveCaptionFiles(tx, { workspaceId: making.run.workspaceId, transcriptId, language }, files);
}

const captionedClips = (prisma: Tx, uploadId: string) =>
  prisma.clip.findMany({
    where: { uploadId, renditions: { some: { captionStyle: { not: 'NONE' }, artifactId: { not: null } } } },
    orderBy: { id: 'asc' },
    select: { id: true },
  });

async function ofClip(
  tx: Tx,
  making: Making,
  { clipId, transcriptId }: { clipId: string; transcriptId: string },
): Promise<void> {
  const { workspaceId, uploadId } = making.run;
  const clip = await tx.clip.findUnique({
    where: { id: clipId },
    select: {
      revision: true,
      cuts: true,
      startMs: true,
      endMs: true,
      renditions: { select: { id: true, preset: true, captionStyle: true, safeArea: true } },
    },
  });
  const spoken = await spokenTranscript(tx, uploadId);
  if (!clip || spoken.id !== transcriptId) return;
  const { revision, renditions } = clip;
  const { language } = spoken;
  const words = wordsInClip(await spokenWords(tx, transcriptId, clip), cutsOf(clip.cuts));
  const files = await clipCaptions(making, { words, language, renditions });
  await saveCaptions(tx, { workspaceId, clipId, revision, language, transcriptId, words }, files);
}
