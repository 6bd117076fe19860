import type { Tx } from '#base/database.ts';
import { Prisma } from '#generated/prisma/client.ts';

/** An upload that is erased. */
interface Erased {
  readonly id: string;
  readonly workspaceId: string;
}

/**
 * Gives artifacts of an upload that another one of the workspace uses to that other one: the same recording sent twice
 * has the same keys, so its clips and captions were made once. The bytes stay where they are.
 */
export async function handOver(tx: Tx, upload: Erased): Promise<number> {
  await lockArtifacts(tx, upload);
  await lockHeirs(tx, upload);
  return tx.$executeRaw`
    with ${heirs(upload)}
    update artifacts a set upload_id = heir.upload_id from heir
    where a.id = heir.artifact_id and a.upload_id = ${upload.id}::uuid and a.workspace_id = ${upload.workspaceId}::uuid`;
}

/** A commit of another upload that takes one of them is either done now, and inherits it, or will not find it any more. */
const lockArtifacts = (tx: Tx, { id, workspaceId }: Erased) =>
  tx.$queryRaw`
    select 1 as locked from artifacts where workspace_id = ${workspaceId}::uuid and upload_id = ${id}::uuid
    order by id for update`;

/** An heir that is being erased itself is waited for. A statement of its own: the next one sees what is left of it. */
const lockHeirs = (tx: Tx, upload: Erased) =>
  tx.$queryRaw`
    with ${heirs(upload)}
    select 1 as locked from uploads where id in (select upload_id from others) order by id for key share`;

/** Which others use the artifacts, and of each artifact the first of them, as parts of a statement. */
const heirs = ({ id, workspaceId }: Erased): Prisma.Sql => Prisma.sql`
    used as (
      select x.artifact_id, c.upload_id from renditions x join clips c on c.id = x.clip_id
        where x.workspace_id = ${workspaceId}::uuid
      union select c.poster_artifact_id, c.upload_id from clips c where c.workspace_id = ${workspaceId}::uuid
      union select f.artifact_id, coalesce(c.upload_id, t.upload_id) from caption_files f
        left join clips c on c.id = f.clip_id left join transcripts t on t.id = f.transcript_id
        where f.workspace_id = ${workspaceId}::uuid
      union select n.storyboard_artifact_id, n.upload_id from recording_analyses n
        where n.workspace_id = ${workspaceId}::uuid
      union select n.waveform_artifact_id, n.upload_id from recording_analyses n
        where n.workspace_id = ${workspaceId}::uuid
    ), others as (
      select artifact_id, used.upload_id from used join artifacts a on a.id = artifact_id
      where a.upload_id = ${id}::uuid and used.upload_id <> ${id}::uuid
    ), heir as (
      select distinct on (artifact_id) artifact_id, upload_id from others order by artifact_id, upload_id
    )`;
