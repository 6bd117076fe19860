import type { Tx } from '#base/database.ts';
import type { Span } from '#base/time.ts';
import { recordingOf } from '#domain/uploads/recording.ts';
import type { ClipOrigin } from '#generated/prisma/enums.ts';
import type { LockedRun } from '#pipeline/change-run.ts';
import type { ClipChapter } from './chapters-column.ts';
import { columnsOf } from './cuts-column.ts';
import { plannedCuts } from './planned-cuts.ts';
import { reelOf } from './reel-cuts.ts';
import { type WantedRendition, wantedRenditions } from './wanted-renditions.ts';

type Enqueue = (subject: string) => Promise<string>;

/** One clip for each highlight of the run, with a stage run that makes all its renditions; the best one first. */
export async function layOutClips(tx: Tx, run: LockedRun, enqueue: Enqueue): Promise<void> {
  const recording = await recordingOf(tx, run.uploadId);
  const wanted = wantedRenditions(run.recipe, recording);
  for (const { highlightId, title, cuts } of await plannedCuts(tx, run, recording)) {
    const clipId = await saveClip(tx, run, { origin: 'HIGHLIGHT', title, cuts, highlightId });
    await saveRenditions(tx, run, { clipId, wanted, stageRunId: await enqueue(clipId) });
  }
}

/** One clip of all highlights of the run in timeline order, in the first shape; nothing where there is only one. */
export async function layOutReel(tx: Tx, run: LockedRun, enqueue: Enqueue): Promise<void> {
  const recording = await recordingOf(tx, run.uploadId);
  const wanted = wantedRenditions(run.recipe, recording).slice(0, 1);
  const planned = await plannedCuts(tx, run, recording);
  if (planned.length < 2) return;
  const title = `Highlights of ${recording.title}`;
  const clipId = await saveClip(tx, run, { origin: 'REEL', title, ...reelOf(planned), highlightId: null });
  await saveRenditions(tx, run, { clipId, wanted, stageRunId: await enqueue(clipId) });
}

interface ToSave {
  readonly origin: ClipOrigin;
  readonly title: string;
  readonly cuts: readonly Span[];
  readonly chapters?: ClipChapter[];
  readonly highlightId: string | null;
}

async function saveClip(tx: Tx, run: LockedRun, clip: ToSave): Promise<string> {
  const { uploadId, workspaceId } = run;
  const { origin, title, chapters, highlightId } = clip;
  const columns = columnsOf(clip.cuts);
  const marked = chapters && { chapters };
  const { removeSilences = false, removeFillers = false } = run.recipe.clips ?? {};
  const { id } = await tx.clip.upsert({
    where: { uploadId_origin_cutsHash: { uploadId, origin, cutsHash: columns.cutsHash } },
    create: { workspaceId, uploadId, origin, title, highlightId, removeSilences, removeFillers, ...marked, ...columns },
    update: { highlightId, ...marked },
    select: { id: true },
  });
  return id;
}

/** Renditions show the state of the stage run that makes them next. */
export async function saveRenditions(
  tx: Tx,
  { workspaceId }: Pick<LockedRun, 'workspaceId'>,
  { clipId, wanted, stageRunId }: { clipId: string; wanted: readonly WantedRendition[]; stageRunId: string },
): Promise<void> {
  for (const one of wanted)
    await tx.rendition.upsert({
      where: { clipId_preset_captionStyle_safeArea: { clipId, ...one } },
      create: { workspaceId, clipId, stageRunId, ...one },
      update: { stageRunId },
      select: { id: true },
    });
}
