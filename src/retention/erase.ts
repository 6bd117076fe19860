import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { type Bucket, buckets, type ObjectName } from '#providers/object-storage.ts';
import type { Runtime } from '#runtime.ts';
import { addChore } from '#work/chore.ts';
import { unnamed } from './named-objects.ts';
import { batchSize } from './sweeping.ts';

/** The queue's name for taking the bytes of what was erased. */
export const eraseChore = 'erase';

const order = z.object({
  receiptId: z.uuid(),
  /** Objects that do not lie below the receipt's prefix; also names that bytes may still be on their way to. */
  elsewhere: z.array(z.object({ bucket: z.enum(buckets), key: z.string() })),
  /** Until then something may still come: a worker that has not noticed, a client that holds a target. */
  lastLookAt: z.coerce.date().nullable(),
  /** What earlier looks found. */
  found: z.object({ objects: z.int(), bytes: z.int() }),
});

type Order = z.output<typeof order>;

/** Asks for the bytes of a receipt to be erased, in the transaction that erases its rows. */
export const orderErasure = (tx: Tx, wanted: Omit<Order, 'found'>): Promise<void> =>
  addLook(tx, { ...wanted, found: { objects: 0, bytes: 0 } });

const addLook = (tx: Tx, payload: Order, runAt?: Date): Promise<void> =>
  addChore(tx, { name: eraseChore, payload, key: `erase:${payload.receiptId}`, ...(runAt && { runAt }) });

/**
 * One look: counts what is left of what was erased, writes that on the receipt, removes it, and looks again until
 * nothing is found and nothing can come any more. Counted before it is removed: a look that is killed and done again
 * finds less, and the receipt keeps the larger number. What rows still name stays: it was handed over.
 */
export async function erase(runtime: Runtime, payload: unknown, now = new Date()): Promise<void> {
  const wanted = order.parse(payload);
  const { prisma } = runtime.database;
  const receipt = await prisma.erasureReceipt.findUnique({
    where: { id: wanted.receiptId },
    select: { prefix: true, completedAt: true },
  });
  if (!receipt || receipt.completedAt) return;
  const left = await countLeft(runtime, receipt.prefix, wanted);
  const found = { objects: wanted.found.objects + left.objects, bytes: wanted.found.bytes + left.bytes };
  await prisma.$executeRaw`
    update erasure_receipts set objects = greatest(objects, ${found.objects}), bytes = greatest(bytes, ${found.bytes})
    where id = ${wanted.receiptId}::uuid`;
  for await (const { bucket, objects } of leftovers(runtime, receipt.prefix, wanted)) {
    await runtime.storage.remove(
      bucket,
      objects.map(({ key }) => key),
    );
  }
  await dropHalves(runtime, wanted);
  const lookAgainAt = wanted.lastLookAt && wanted.lastLookAt > now ? wanted.lastLookAt : null;
  if (left.objects > 0 || lookAgainAt) await addLook(prisma, { ...wanted, found }, lookAgainAt ?? now);
  else await prisma.erasureReceipt.update({ where: { id: wanted.receiptId }, data: { completedAt: now } });
}

interface Leftovers {
  readonly bucket: Bucket;
  readonly objects: readonly { key: string; sizeBytes: number }[];
}

async function countLeft(runtime: Runtime, prefix: string, wanted: Order): Promise<Order['found']> {
  const left = { objects: 0, bytes: 0 };
  for await (const { objects } of leftovers(runtime, prefix, wanted)) {
    left.objects += objects.length;
    left.bytes += objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }
  return left;
}

async function* leftovers(runtime: Runtime, prefix: string, { elsewhere }: Order): AsyncGenerator<Leftovers> {
  for (const bucket of buckets) {
    const others = elsewhere.filter((name) => name.bucket === bucket && !isBelow(prefix, name));
    for await (const objects of batches(listed(runtime, bucket, { prefix, others }))) {
      const keys = objects.map(({ key }) => key);
      const free = new Set(await unnamed(runtime.database.prisma, bucket, keys));
      if (free.size > 0) yield { bucket, objects: objects.filter(({ key }) => free.has(key)) };
    }
  }
}

const isBelow = (prefix: string, { key }: ObjectName): boolean => key.startsWith(`${prefix}/`);

async function* listed(
  { storage }: Runtime,
  bucket: Bucket,
  { prefix, others }: { prefix: string; others: readonly ObjectName[] },
): AsyncGenerator<{ key: string; sizeBytes: number }> {
  yield* storage.list(bucket, prefix);
  for (const { key } of others) {
    const info = await storage.info({ bucket, key });
    if (info) yield { key, sizeBytes: info.sizeBytes };
  }
}

async function* batches<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Bytes of a recording that has not wholly arrived are in no listing; removing the name that they were meant for drops them. */
async function dropHalves({ storage, database }: Runtime, { elsewhere }: Order): Promise<void> {
  const keys = elsewhere.filter(({ bucket }) => bucket === 'uploads').map(({ key }) => key);
  if (keys.length > 0) await storage.remove('uploads', await unnamed(database.prisma, 'uploads', keys));
}
