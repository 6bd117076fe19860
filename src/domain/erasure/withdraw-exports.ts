import type { Tx } from '#base/database.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { ObjectName } from '#providers/object-storage.ts';

/**
 * Takes back exports that may tell of what is erased: of whoever sent a recording of it, wrote in its posts or
 * corrected its transcripts. Gives their files; one that is still being written finds its row gone and removes itself.
 * Who wants one asks again.
 */
export async function withdrawExports(
  tx: Tx,
  of: { readonly uploadId: string } | { readonly workspaceId: string },
): Promise<ObjectName[]> {
  const erased =
    'uploadId' in of ? Prisma.sql`u.id = ${of.uploadId}::uuid` : Prisma.sql`u.workspace_id = ${of.workspaceId}::uuid`;
  const rows = await tx.$queryRaw<{ key: string | null }[]>`
    delete from data_exports where user_id in (
      select u.created_by_id from uploads u where ${erased}
      union select v.author_id from content_versions v join contents c on c.id = v.content_id
        join uploads u on u.id = c.upload_id where ${erased}
      union select e.author_id from transcript_edits e join transcripts t on t.id = e.transcript_id
        join uploads u on u.id = t.upload_id where ${erased})
    returning storage_key as key`;
  return rows.flatMap(({ key }) => (key === null ? [] : [{ bucket: 'exports' as const, key }]));
}
