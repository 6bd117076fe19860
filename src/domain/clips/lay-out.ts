import type { Tx } from '#base/database.ts';
import { recordingOf } from '#domain/uploads/recording.ts';
import type { LockedRun } from '#pipeline/change-run.ts';
import { columnsOf } from './cuts-column.ts';
import { type Planned, plannedCuts } from './planned-cuts.ts';
import { saveReel } from './save-reel.ts';
import { type WantedRendition, wantedRenditions } from './wanted-renditions.ts';

type Enqueue = (subject: string) => Promise<string>;

/** One clip for each highlight of the run, with a stage run that makes all its renditions; the best one first. */
export async function layOutClips(tx: Tx, run: LockedRun, enqueue: Enqueue): Promise<void> {
  const recording = await recordingOf(tx, run.uploadId);
  const wanted = wantedRenditions(run.recipe, recording);
  for (const planned of await plannedCuts(tx, run, recording)) {
    const clipId = await saveClip(tx, run, planned);
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
  const clipId = await saveReel(tx, run, { title, planned });
  await saveRenditions(tx, run, { clipId, wanted, stageRunId: await enqueue(clipId) });
}

async function saveClip(tx: Tx, run: LockedRun, { highlightId, title, cuts }: Planned): Promise<string> {
  const { uploadId, workspaceId } = run;
  const columns = columnsOf(cuts);
  const origin = 'HIGHLIGHT';
  const { removeSilences = false, removeFillers = false } = run.recipe.clips ?? {};
  const { id } = await tx.clip.upsert({
    where: { uploadId_origin_cutsHash: { uploadId, origin, cutsHash: columns.cutsHash } },
    create: { workspaceId, uploadId, origin, title, highlightId, removeSilences, removeFillers, ...columns },
    update: { highlightId },
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
