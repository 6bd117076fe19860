import type { Tx } from '#base/database.ts';
import type { Chapter } from './chapters.ts';

/** Writes the chapters of an upload instead of those it had. */
export async function replaceChapters(
  tx: Tx,
  { workspaceId, uploadId }: { readonly workspaceId: string; readonly uploadId: string },
  chapters: readonly Chapter[],
): Promise<void> {
  await tx.chapter.deleteMany({ where: { uploadId } });
  await tx.chapter.createMany({
    data: chapters.map((chapter, position) => ({ workspaceId, uploadId, position, ...chapter })),
  });
}
