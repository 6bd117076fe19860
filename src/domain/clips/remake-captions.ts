import type { Tx } from '#base/database.ts';
import { openFolder } from '#base/temp.ts';
import { captionFiles, saveCaptionFiles } from '#domain/transcripts/caption-files.ts';
import { captionOrder, orderCaptions } from '#domain/transcripts/caption-order.ts';
import { spokenTranscript, spokenWords } from '#domain/transcripts/spoken-lines.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import { wordsInClip } from '#timeline/time-map.ts';
import type { Making } from '#work/made-once.ts';
import type { Worker } from '#work/worker.ts';
import { clipCaptions, saveCaptions } from './clip-captions.ts';
import { cutsOf } from './cuts-column.ts';

/**
 * Makes the caption files of a transcript and of all clips it is heard in, as they are to be now. Those that are right
 * are found under their keys; a transcript or clip that is changed meanwhile has them made once more.
 */
export async function remakeCaptions(worker: Worker, payload: unknown, signal: AbortSignal): Promise<void> {
  const { prisma } = worker.database;
  const { transcriptId: id } = captionOrder.parse(payload);
  const transcript = await prisma.transcript.findUnique({
    where: { id },
    select: { id: true, workspaceId: true, uploadId: true, language: true, revision: true },
  });
  if (!transcript) return;
  await using folder = await openFolder(worker.folder);
  const run = { id: null, workspaceId: transcript.workspaceId, uploadId: transcript.uploadId };
  const making: Making = { worker, folder, signal, run, stageRunId: null, reserve: async () => {} };
  await ofTranscript(making, transcript);
  const spoken = await spokenTranscript(prisma, transcript.uploadId);
  if (spoken.id !== transcript.id) return;
  for (const clip of await captionedClips(prisma, transcript.uploadId)) {
    signal.throwIfAborted();
    await ofClip(making, transcript, clip);
  }
}

interface Transcript {
  readonly id: string;
  readonly workspaceId: string;
  readonly uploadId: string;
  readonly language: string;
  readonly revision: number;
}

async function ofTranscript(making: Making, { id, workspaceId, uploadId, language, revision }: Transcript) {
  const { prisma } = making.worker.database;
  const words = await spokenWords(prisma, id);
  const files = await captionFiles(making, { words, language, bucket: 'transcripts' });
  await prisma.$transaction(async (tx) => {
    await takeTurn(tx, uploadId);
    const current = await tx.transcript.count({ where: { id, revision } });
    if (current > 0) await saveCaptionFiles(tx, { workspaceId, transcriptId: id, language }, files);
    else await orderCaptions(tx, id);
  });
}

type CaptionedClip = Awaited<ReturnType<typeof captionedClips>>[number];

const captionedClips = (prisma: Tx, uploadId: string) =>
  prisma.clip.findMany({
    where: { uploadId, renditions: { some: { captionStyle: { not: 'NONE' }, artifactId: { not: null } } } },
    orderBy: { id: 'asc' },
    select: {
      id: true,
      revision: true,
      cuts: true,
      startMs: true,
      endMs: true,
      renditions: { select: { id: true, preset: true, captionStyle: true, safeArea: true } },
    },
  });

async function ofClip(making: Making, transcript: Transcript, clip: CaptionedClip): Promise<void> {
  const { prisma } = making.worker.database;
  const { workspaceId, id: transcriptId, language } = transcript;
  const { id: clipId, revision, renditions } = clip;
  const words = wordsInClip(await spokenWords(prisma, transcriptId, clip), cutsOf(clip.cuts));
  const files = await clipCaptions(making, { words, language, renditions });
  const order = { workspaceId, clipId, revision, language, transcriptId, words };
  await prisma.$transaction((tx) => saveCaptions(tx, order, files));
}
