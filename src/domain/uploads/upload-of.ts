import type { Database } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { type Viewer, visibleTo } from '#graph/context.ts';

const select = {
  id: true,
  workspaceId: true,
  status: true,
  protocol: true,
  storageKey: true,
  announcedBytes: true,
} as const;

/** An upload that the caller sees; NOT_FOUND for any other. */
export async function uploadOf({ prisma }: Database, viewer: Viewer, id: string) {
  const upload = await prisma.upload.findFirst({ where: { id, ...visibleTo({ viewer }) }, select });
  if (!upload) throw new Problem('NOT_FOUND', { what: 'The upload' });
  return upload;
}
