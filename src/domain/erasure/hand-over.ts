import type { Tx } from '#base/database.ts';

/**
 * Gives artifacts of an upload that another one of the workspace uses to that other one: the same recording sent twice
 * has the same keys, so its clips and captions were made once. The bytes stay where they are.
 */
export async function handOver(tx: Tx, upload: { id: string; workspaceId: string }): Promise<number> {
  const { id, workspaceId } = upload;
  return tx.$executeRaw`
    with used as (
      select x.artifact_id, c.upload_id from renditions x join clips c on c.id = x.clip_id
        where x.workspace_id = ${workspaceId}::uuid
      union select c.poster_artifact_id, c.upload_id from clips c where c.workspace_id = ${workspaceId}::uuid
      union select f.artifact_id, coalesce(c.upload_id, t.upload_id) from caption_files f
        left join clips c on c.id = f.clip_id left join transcripts t on t.id = f.transcript_id
        where f.workspace_id = ${workspaceId}::uuid
    ), heir as (
      select distinct on (artifact_id) artifact_id, upload_id from used
      where upload_id <> ${id}::uuid order by artifact_id, upload_id
    )
    update artifacts a set upload_id = heir.upload_id from heir
    where a.id = heir.artifact_id and a.upload_id = ${id}::uuid and a.workspace_id = ${workspaceId}::uuid`;
}
