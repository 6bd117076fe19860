import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { contentBody, contentSentences } from './body.ts';
import { withContent } from './content-of.ts';
import { type ChangedContent, putInForce, requireBase } from './edit-content.ts';
import { addVersion } from './versions.ts';

export const restoreContentInput = z.object({
  contentId: idOf('Content'),
  versionId: idOf('ContentVersion'),
  baseVersion: z.int().nullish(),
});

/**
 * Puts an older version in force again, as a copy with a number of its own; the one in force already is the answer.
 * STALE_REVISION where another version is in force than the person had before them.
 */
export async function restoreContent(
  { contentId, versionId, baseVersion }: z.output<typeof restoreContentInput>,
  viewer: Viewer,
  api: Api,
): Promise<ChangedContent> {
  return withContent(api, { viewer, id: contentId, name: 'restoreContent' }, async (tx, content) => {
    if (versionId === content.current.id) return { contentId, versionId };
    if (typeof baseVersion === 'number') requireBase(content, baseVersion);
    const row = await tx.contentVersion.findFirst({
      where: { id: versionId, contentId },
      select: { body: true, sentences: true },
    });
    if (!row) throw new Problem('NOT_FOUND', { what: 'The version', path: ['input', 'versionId'] });
    const copy = { body: contentBody.parse(row.body), sentences: contentSentences.parse(row.sentences) };
    const restored = await addVersion(tx, content, { origin: 'RESTORED', authorId: viewer.userId, ...copy });
    return putInForce(tx, content, { versionId: restored, authorId: viewer.userId });
  });
}
