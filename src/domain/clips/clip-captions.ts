import type { Tx } from '#base/database.ts';
import { type CaptionsMade, captionFiles, saveCaptionFiles } from '#domain/transcripts/caption-files.ts';
import { orderCaptions } from '#domain/transcripts/caption-order.ts';
import type { Making } from '#work/made-once.ts';
import type { RenderOrder } from './render-order.ts';

/** The clip's caption files; they belong to the clip, so every shape of it finds the same ones. */
export async function clipCaptions(
  context: Making,
  { words, language, renditions }: Pick<RenderOrder, 'words' | 'language' | 'renditions'>,
): Promise<readonly CaptionsMade[]> {
  if (words.length === 0 || renditions.every(({ captionStyle }) => captionStyle === 'NONE')) return [];
  return captionFiles(context, { words, language, bucket: 'subtitles' });
}

/**
 * Writes their rows, in the commit of whoever made them. A clip that became another one meanwhile keeps what it has, and
 * the chore makes them anew: an encode may take longer than a person takes to correct what it draws. One in which
 * nothing is said (any more) has none.
 */
export async function saveCaptions(
  tx: Tx,
  order: Pick<RenderOrder, 'workspaceId' | 'clipId' | 'revision' | 'language' | 'transcriptId' | 'words'>,
  files: readonly CaptionsMade[],
): Promise<void> {
  const { workspaceId, clipId, language, transcriptId, words } = order;
  if (!(await isCurrent(tx, order))) await orderCaptions(tx, transcriptId);
  else if (words.length === 0) await tx.captionFile.deleteMany({ where: { clipId } });
  else await saveCaptionFiles(tx, { workspaceId, clipId, language }, files);
}

/** Whether the clip is what it was when it was read; holds it until the transaction ends. */
async function isCurrent(tx: Tx, { clipId, revision }: Pick<RenderOrder, 'clipId' | 'revision'>): Promise<boolean> {
  const held = await tx.$queryRaw<unknown[]>`
    select 1 as held from clips where id = ${clipId}::uuid and revision = ${revision}::int for no key update`;
  return held.length > 0;
}
