import { buckets } from '#providers/object-storage.ts';
import type { Check } from './check.ts';

/** What was deleted is gone, row and byte, and one receipt says so; only what other recordings share of it stays. */
export const checkErasures: Check = async ({ database: { prisma }, gate, history }) => {
  const found: Awaited<ReturnType<Check>> = [];
  const named = new Set(
    (await prisma.artifact.findMany({ select: { storageKey: true } })).map((row) => row.storageKey),
  );
  for (const { uploadId, deleted } of history.uploads.values()) {
    if (!deleted) continue;
    const receipts = await prisma.erasureReceipt.findMany({ where: { subjectId: uploadId } });
    if (receipts.length !== 1) {
      const kind = receipts.length === 0 ? 'lost' : 'duplicated';
      found.push({ kind, detail: `upload ${uploadId} was deleted and has ${receipts.length} receipts` });
    }
    const rows = await prisma.upload.count({ where: { id: uploadId } });
    if (rows > 0) found.push({ kind: 'broken', detail: `upload ${uploadId} was deleted and is there` });
    for (const { prefix } of receipts) {
      for (const bucket of buckets) {
        for await (const { key } of gate.storage.list(bucket, prefix)) {
          if (!named.has(key)) found.push({ kind: 'broken', detail: `${bucket}/${key} of a deleted upload is stored` });
        }
      }
    }
  }
  return found;
};
