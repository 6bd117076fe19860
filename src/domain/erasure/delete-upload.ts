import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { longTransaction, type Tx } from '#base/database.ts';
import { globalId } from '#base/global-id.ts';
import { throughOutage } from '#base/outage.ts';
import { Problem } from '#base/problem.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { type Api, type Viewer, visibleTo } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { allows, requireRole } from '#graph/permissions.ts';
import { tellWorkspace } from '#pipeline/activity.ts';
import { type Bucket, buckets, type ObjectName } from '#providers/object-storage.ts';
import { orderErasure } from '#retention/erase.ts';
import { chargeRemoval } from '#usage/ledger.ts';
import { forgetCalls } from '#work/forget-calls.ts';
import { isErased, withReceipt } from './erased-rows.ts';
import { handOver } from './hand-over.ts';
import { type LockedRuns, lastLookAt, lockRuns, withdrawJobs } from './runs-in-flight.ts';
import { withdrawExports } from './withdraw-exports.ts';

export const deleteUploadInput = z.object({ uploadId: idOf('Upload') });

/** How long a change goes on trying when it met another one or the database was away. */
export const patienceMs = 5_000;

/**
 * Erases an upload with everything that was made of it, also in the middle of a run. Who sent it may, and whoever is an
 * admin of the workspace. Rows go in this one commit, bytes by the erase chore that it orders.
 */
export async function deleteUpload(
  { uploadId }: z.output<typeof deleteUploadInput>,
  viewer: Viewer,
  { database: { prisma }, wake }: Api,
): Promise<{ deletedId: string; receiptId: string }> {
  const upload = await prisma.upload.findFirst({
    where: { id: uploadId, ...visibleTo({ viewer }) },
    select: { id: true, workspaceId: true, createdById: true },
  });
  if (!upload)
    return { deletedId: globalId('Upload', uploadId), receiptId: await standingReceipt(prisma, viewer, uploadId) };
  const own = upload.createdById === viewer.userId;
  requireRole(viewer, upload.workspaceId, own ? 'deleteUpload' : 'deleteUpload.others');
  const erasure = { upload, receiptId: randomUUID(), actorId: viewer.userId };
  const runs = await throughOutage(
    () => patienceMs,
    () => longTransaction(prisma, 60_000, (tx) => eraseUpload(tx, erasure)),
  );
  const deletedId = globalId('Upload', uploadId);
  if (!runs) return { deletedId, receiptId: await standingReceipt(prisma, viewer, uploadId) };
  for (const id of [...runs.ids, upload.workspaceId]) wake(id);
  return { deletedId, receiptId: erasure.receiptId };
}

/** Asked again, because the first answer was lost or somebody else was faster: the same answer. */
async function standingReceipt(prisma: Tx, viewer: Viewer, uploadId: string): Promise<string> {
  const receipt = await prisma.erasureReceipt.findFirst({
    where: { kind: 'UPLOAD', subjectId: uploadId, ...visibleTo({ viewer }) },
    select: { id: true, workspaceId: true },
  });
  if (!receipt?.workspaceId || !allows(viewer, receipt.workspaceId, 'deleteUpload')) {
    throw new Problem('NOT_FOUND', { what: 'The upload' });
  }
  return receipt.id;
}

interface Erasure {
  readonly upload: { readonly id: string; readonly workspaceId: string };
  readonly receiptId: string;
  readonly actorId: string;
}

/** Null where somebody else was faster. */
async function eraseUpload(tx: Tx, { upload, receiptId, actorId }: Erasure): Promise<LockedRuns | null> {
  const { id, workspaceId } = upload;
  if (await isErased(tx, receiptId)) return { ids: [], inFlight: false };
  await lockRuns(tx, { uploadId: id });
  const standing = await lockUpload(tx, id);
  if (!standing) return null;
  // Once more, for a run that was started before the upload was locked.
  const runs = await lockRuns(tx, { uploadId: id });
  await withdrawJobs(tx, runs);
  await handOver(tx, upload);
  const artifacts = await tx.artifact.findMany({
    where: { workspaceId, uploadId: id },
    select: {
      id: true,
      workspaceId: true,
      uploadId: true,
      sizeBytes: true,
      removedAt: true,
      bucket: true,
      storageKey: true,
    },
  });
  await chargeRemoval(tx, artifacts);
  const exported = await withdrawExports(tx, { uploadId: id });
  const prefix = `${workspaceId}/${id}`;
  await withReceipt(tx, { id: receiptId, kind: 'UPLOAD', subjectId: id, workspaceId, prefix }, async () => {
    await forget(tx, upload, runs);
    await forgetCalls(tx, Prisma.sql`c.upload_id = ${id}::uuid`);
    await tx.upload.delete({ where: { id }, select: { id: true } });
  });
  await tellWorkspace(tx, { workspaceId, kind: 'UPLOAD_DELETED', actorId, subject: { type: 'Upload', id } });
  const arrive = standing.status === 'AWAITING_BYTES';
  const elsewhere: ObjectName[] = artifacts
    .filter(({ storageKey }) => !storageKey.startsWith(`${prefix}/`))
    .map(({ bucket, storageKey }) => ({ bucket: bucketColumn.parse(bucket), key: storageKey }));
  elsewhere.push(...exported);
  if (arrive) elsewhere.push({ bucket: 'uploads', key: standing.storageKey });
  const until = lastLookAt(new Date(), { inFlight: runs.inFlight, arrive });
  await orderErasure(tx, { receiptId, elsewhere, lastLookAt: until });
  return runs;
}

const bucketColumn: z.ZodType<Bucket> = z.enum(buckets);

async function lockUpload(tx: Tx, id: string) {
  await tx.$queryRaw`select 1 as locked from uploads where id = ${id}::uuid for update`;
  return tx.upload.findUnique({ where: { id }, select: { status: true, storageKey: true } });
}

/** What names the upload and what was made of it without a foreign key. */
async function forget(tx: Tx, { id, workspaceId }: Erasure['upload'], runs: LockedRuns): Promise<void> {
  const [transcripts, clips] = [
    await tx.transcript.findMany({ where: { uploadId: id }, select: { id: true } }),
    await tx.clip.findMany({ where: { uploadId: id }, select: { id: true } }),
  ];
  const named = { in: [id, ...runs.ids, ...[...transcripts, ...clips].map((row) => row.id)] };
  await tx.idempotencyKey.deleteMany({ where: { workspaceId, answerId: named } });
  await tx.workspaceActivity.deleteMany({ where: { workspaceId, subjectId: named } });
  await tx.usageEntry.updateMany({ where: { workspaceId, uploadId: id }, data: { outputId: null } });
}
