import type { Tx } from '#base/database.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { RetentionClass } from '#generated/prisma/enums.ts';
import { type Bucket, buckets } from '#providers/object-storage.ts';
import { chargeRemoval } from '#usage/ledger.ts';
import { planNamed, planNames } from '#usage/plans.ts';
import { dueBefore, hoursBefore } from './kept.ts';
import { lockIdle, removeBytes, removedAtOnce } from './remove-bytes.ts';
import { batchSize, type Sweeping } from './sweeping.ts';

/** Which artifacts are due: what SQL says of `artifacts a join workspaces w`. */
interface Due {
  readonly retention: RetentionClass;
  readonly where: Prisma.Sql;
}

export const sweepIntermediates = (sweeping: Sweeping): Promise<number> => {
  const before = dueBefore('intermediates', sweeping.now);
  return sweepDue(sweeping, { retention: 'INTERMEDIATE', where: Prisma.sql`a.created_at < ${before}` });
};

export const sweepFinals = (sweeping: Sweeping): Promise<number> => sweepByPlan(sweeping, 'FINAL');
export const sweepSources = (sweeping: Sweeping): Promise<number> => sweepByPlan(sweeping, 'SOURCE');

async function sweepByPlan(sweeping: Sweeping, retention: RetentionClass): Promise<number> {
  let sum = 0;
  for (const name of planNames) {
    const { keepFinalsDays } = planNamed(name);
    if (keepFinalsDays === null) continue;
    const before = hoursBefore(sweeping.now, 24 * keepFinalsDays);
    const where = Prisma.sql`w.plan = ${name} and a.created_at < ${before} and ${unusedSince(before)}`;
    sum += await sweepDue(sweeping, { retention, where });
  }
  return sum;
}

/** No run since then over its own upload, nor over another one that took it because the key was the same. */
const unusedSince = (before: Date): Prisma.Sql => Prisma.sql`not exists (
  select 1 from runs r where (r.finished_at is null or r.finished_at >= ${before}) and r.upload_id in (
    select a.upload_id
    union all select c.upload_id from renditions x join clips c on c.id = x.clip_id where x.artifact_id = a.id
    union all select c.upload_id from clips c where c.poster_artifact_id = a.id
    union all select n.upload_id from recording_analyses n
      where a.id in (n.storyboard_artifact_id, n.waveform_artifact_id)
    union all select coalesce(c.upload_id, t.upload_id) from caption_files f
      left join clips c on c.id = f.clip_id left join transcripts t on t.id = f.transcript_id
      where f.artifact_id = a.id))`;

/** Upload by upload, so that each is locked for a moment only. */
async function sweepDue(sweeping: Sweeping, due: Due): Promise<number> {
  let sum = 0;
  for (let last = lowest; ; ) {
    const uploads = await uploadsWith(sweeping, due, last);
    for (const uploadId of uploads) {
      if (sweeping.signal.aborted) return sum;
      sum += await sweepUpload(sweeping, uploadId, due);
    }
    last = uploads.at(-1) ?? last;
    if (uploads.length < batchSize) return sum;
  }
}

const lowest = '00000000-0000-0000-0000-000000000000';

async function uploadsWith({ database }: Sweeping, due: Due, last: string): Promise<string[]> {
  const rows = await database.prisma.$queryRaw<{ id: string }[]>`
    select distinct a.upload_id::text as id from artifacts a join workspaces w on w.id = a.workspace_id
    where ${isDue(due)} and a.upload_id > ${last}::uuid order by 1 limit ${batchSize}`;
  return rows.map(({ id }) => id);
}

const isDue = ({ retention, where }: Due): Prisma.Sql =>
  Prisma.sql`a.removed_at is null and a.retention = ${retention}::"RetentionClass" and ${where}`;

/** The mark first, in a commit of its own: a row never names bytes that are gone. Bytes that a killed sweep leaves are orphans. */
async function sweepUpload(sweeping: Sweeping, uploadId: string, due: Due): Promise<number> {
  let sum = 0;
  for (;;) {
    const marked = await sweeping.database.prisma.$transaction((tx) => mark(tx, { sweeping, uploadId, due }), {
      timeout: 30_000,
      maxWait: 10_000,
    });
    for (const bucket of buckets) {
      const keys = marked.filter((row) => row.bucket === bucket).map((row) => row.key);
      if (keys.length > 0) await removeBytes(sweeping, uploadId, (tx) => stillMarked(tx, bucket, keys));
    }
    sum += marked.length;
    if (marked.length < removedAtOnce || sweeping.signal.aborted) return sum;
  }
}

interface Marked {
  readonly id: string;
  readonly workspaceId: string;
  readonly uploadId: string;
  readonly sizeBytes: bigint;
  readonly removedAt: Date;
  readonly bucket: string;
  readonly key: string;
}

/**
 * Two statements, and the condition in both: a commit that took the artifact again just before it was locked is seen by
 * the second one only.
 */
async function mark(tx: Tx, { sweeping, uploadId, due }: { sweeping: Sweeping; uploadId: string; due: Due }) {
  if (!(await lockIdle(tx, uploadId))) return [];
  const locked = await tx.$queryRaw<{ id: string }[]>`
    select a.id::text as id from artifacts a join workspaces w on w.id = a.workspace_id
    where a.upload_id = ${uploadId}::uuid and ${isDue(due)}
    limit ${removedAtOnce} for update of a skip locked`;
  const marked = await tx.$queryRaw<Marked[]>`
    update artifacts a set removed_at = ${sweeping.now} from workspaces w
    where w.id = a.workspace_id and a.id = any(${locked.map(({ id }) => id)}::uuid[]) and ${isDue(due)}
    returning a.id::text as id, a.workspace_id::text as "workspaceId", a.upload_id::text as "uploadId",
      a.size_bytes as "sizeBytes", a.removed_at as "removedAt", a.bucket, a.storage_key as key`;
  await chargeRemoval(tx, marked);
  if (due.retention === 'SOURCE' && marked.length > 0) {
    await tx.upload.updateMany({ where: { id: uploadId, status: 'READY' }, data: { status: 'EXPIRED' } });
  }
  return marked;
}

/** A run that came in between may have made some of them again. */
async function stillMarked(tx: Tx, bucket: Bucket, keys: readonly string[]) {
  const rows = await tx.artifact.findMany({
    where: { bucket, storageKey: { in: [...keys] }, removedAt: { not: null } },
    select: { storageKey: true },
  });
  return { bucket, keys: rows.map(({ storageKey }) => storageKey) };
}
