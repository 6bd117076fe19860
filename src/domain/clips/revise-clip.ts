import type { Tx } from '#base/database.ts';
import type { Prisma } from '#generated/prisma/client.ts';

/** How a clip becomes another one. */
interface Revision {
  /**
   * Which of its files show what it was: all where its cuts changed, those with captions in the picture (`captioned`)
   * where its words did, those of one shape where its plan did, none where its title did.
   */
  readonly stale: 'ALL' | 'NONE' | Prisma.RenditionWhereInput;
  /** Columns that change with it. */
  readonly data?: Prisma.ClipUncheckedUpdateInput;
}

/** Renditions into whose picture captions are drawn. */
export const captioned: Prisma.RenditionWhereInput = {
  captionStyle: { in: ['BURNED_PLAIN', 'BURNED_BOXED', 'BURNED_KARAOKE'] },
  preset: { not: 'AUDIO_ONLY' },
};

/**
 * Gives a clip its next revision, in the transaction of what changes it. Renditions that the change shows in show
 * something else from then on; a file of the others is as good as before, also one whose encode is under way.
 */
export async function reviseClip(tx: Tx, id: string, { stale, data = {} }: Revision): Promise<number> {
  const { revision } = await tx.clip.update({
    where: { id },
    data: { ...data, revision: { increment: 1 } },
    select: { revision: true },
  });
  if (stale === 'NONE') return revision;
  const where = { clipId: id, ...(stale !== 'ALL' && stale) };
  await tx.rendition.updateMany({ where, data: { shownSince: revision } });
  return revision;
}
