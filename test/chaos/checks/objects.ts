import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { type Bucket, buckets } from '#providers/object-storage.ts';
import type { Aftermath } from '../storm.ts';
import type { Check } from './check.ts';

/** Rows and objects are the same set: each row's bytes are stored once, as they were hashed, and no object is nobody's. */
export const checkObjects: Check = async (aftermath) => {
  const { database, history } = aftermath;
  const rows = await database.prisma.artifact.findMany({
    where: { removedAt: null },
    select: { bucket: true, storageKey: true, sha256: true, sizeBytes: true, uploadId: true },
  });
  const stored = await storedSizes(aftermath);
  const named = new Map(rows.map((row) => [`${row.bucket}/${row.storageKey}`, row]));
  const waiting = new Set(
    (await database.prisma.upload.findMany({ select: { storageKey: true } })).map(
      ({ storageKey }) => `uploads/${storageKey}`,
    ),
  );
  const found: Awaited<ReturnType<Check>> = [];
  for (const [name, { sizeBytes, sha256 }] of named) {
    if (stored.get(name) === Number(sizeBytes) && (await hashOf(aftermath, name)) === sha256) continue;
    found.push({
      kind: 'lost',
      detail: `${name} is not what its row says (${stored.get(name)} of ${sizeBytes} bytes)`,
    });
  }
  for (const name of stored.keys()) {
    if (!named.has(name) && !waiting.has(name))
      found.push({ kind: 'duplicated', detail: `${name} is stored and no row names it` });
  }
  for (const { sha256, uploadId, bucket } of rows) {
    const known = bucket === 'uploads' ? history.uploads.get(uploadId) : undefined;
    if (known && known.sha256 !== sha256)
      found.push({ kind: 'lost', detail: `upload ${uploadId} has other bytes than were sent` });
  }
  return found;
};

/** Every stored object by `bucket/key`. */
async function storedSizes({ gate, database }: Aftermath): Promise<ReadonlyMap<string, number>> {
  const workspaces = await database.prisma.workspace.findMany({ select: { id: true } });
  const sizes = new Map<string, number>();
  for (const bucket of buckets) {
    for (const { id } of workspaces) {
      for await (const { key, sizeBytes } of gate.storage.list(bucket, id)) sizes.set(`${bucket}/${key}`, sizeBytes);
    }
  }
  return sizes;
}

async function hashOf({ gate }: Aftermath, name: string): Promise<string> {
  const bucket = buckets.find((candidate): candidate is Bucket => name.startsWith(`${candidate}/`)) ?? 'uploads';
  const hash = createHash('sha256');
  await pipeline(await gate.storage.read({ bucket, key: name.slice(bucket.length + 1) }), hash);
  return hash.digest('hex');
}
