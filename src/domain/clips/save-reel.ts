import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '#base/database.ts';
import type { LockedRun } from '#pipeline/change-run.ts';
import { chaptersOf } from './chapters-column.ts';
import { columnsOf, cutsOf } from './cuts-column.ts';
import type { Planned } from './planned-cuts.ts';
import { type Reel, reelOf } from './reel-cuts.ts';
import { reviseClip } from './revise-clip.ts';

type Owner = Pick<LockedRun, 'workspaceId' | 'uploadId' | 'recipe'>;

/** The reel of a run's highlights, to be written. */
interface NewReel {
  readonly title: string;
  readonly planned: readonly Planned[];
}

/** Writes a run's reel; one that shows the same already is made of these highlights from then on. Gives the clip's id. */
export async function saveReel(tx: Tx, run: Owner, { title, planned }: NewReel): Promise<string> {
  const { uploadId, workspaceId } = run;
  const { cuts, chapters } = reelOf(planned);
  const columns = columnsOf(cuts);
  const { removeSilences = false, removeFillers = false } = run.recipe.clips ?? {};
  const reel = { uploadId, origin: 'REEL', cutsHash: columns.cutsHash } as const;
  const { id: clipId, ...shown } = await tx.clip.upsert({
    where: { uploadId_origin_cutsHash: reel },
    create: { workspaceId, title, removeSilences, removeFillers, chapters, ...reel, ...columns },
    update: {},
    select: { id: true, cuts: true, chapters: true },
  });
  await reviseReel(tx, { id: clipId, uploadId, ...shown }, { cuts, chapters });
  await tx.reelHighlight.deleteMany({ where: { clipId } });
  await tx.reelHighlight.createMany({
    data: planned.map(({ highlightId }) => ({ workspaceId, clipId, highlightId })),
  });
  return clipId;
}

/** A reel as it stands. */
interface ReelRow {
  readonly id: string;
  readonly uploadId: string;
  readonly cuts: unknown;
  readonly chapters: unknown;
}

/**
 * Lets a reel show something else from its next revision on; nothing happens where it shows this already. Gives whether
 * its cuts are others: with other titles only, sound alone is as good as before.
 */
export async function reviseReel(tx: Tx, reel: ReelRow, { cuts, chapters }: Reel): Promise<boolean> {
  const columns = columnsOf(cuts);
  if (columns.cutsHash !== columnsOf(cutsOf(reel.cuts)).cutsHash) {
    const cutsHash = await freeHash(tx, reel, columns.cutsHash);
    await reviseClip(tx, reel.id, { stale: 'ALL', data: { ...columns, cutsHash, chapters } });
    return true;
  }
  if (!isDeepStrictEqual(chaptersOf(reel.chapters), chapters))
    await reviseClip(tx, reel.id, { stale: { preset: { not: 'AUDIO_ONLY' } }, data: { chapters } });
  return false;
}

/**
 * Reels of different highlights may come to show the same once some of these are dismissed, and part again when they are
 * not: the second one has a hash of its own, so that a run finds the first.
 */
async function freeHash(tx: Tx, { id, uploadId }: ReelRow, cutsHash: string): Promise<string> {
  const twin = { uploadId, origin: 'REEL', cutsHash, id: { not: id } } as const;
  if ((await tx.clip.count({ where: twin })) === 0) return cutsHash;
  return createHash('sha256').update(`${cutsHash} ${id}`).digest('hex');
}
