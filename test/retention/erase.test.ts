import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { erase } from '#retention/erase.ts';
import type { Runtime } from '#runtime.ts';
import { objectsIn, openTestRuntime, putObject } from '../support/runtime.ts';
import { seedTenant, seedUpload } from '../support/seed.ts';

/** A receipt of an upload, and the first look for its bytes. */
async function ordered({ database: { prisma } }: Runtime, prefix: string) {
  const { id } = await prisma.erasureReceipt.create({
    data: { kind: 'UPLOAD', subjectId: randomUUID(), prefix, rows: 1 },
  });
  const look = { receiptId: id, elsewhere: [] as object[], lastLookAt: null, found: { objects: 0, bytes: 0 } };
  return { look, receipt: () => prisma.erasureReceipt.findUniqueOrThrow({ where: { id } }) };
}

async function nextLook({ database: { pool } }: Runtime): Promise<unknown> {
  const { rows } = await pool.query<{ payload: unknown }>(`select payload from graphile_worker._private_jobs`);
  return rows[0]?.payload;
}

test('an erasure that is killed in the middle counts what there was once', async () => {
  await using runtime = await openTestRuntime();
  const prefix = `${randomUUID()}/${randomUUID()}`;
  for (const bucket of ['clips', 'images', 'subtitles'] as const) {
    await putObject(runtime.storage, { bucket, key: `${prefix}/a.bin` });
  }
  const { look, receipt } = await ordered(runtime, prefix);
  let calls = 0;
  const dying: Runtime['storage']['remove'] = async (bucket, keys) => {
    calls += 1;
    if (calls > 1) throw new Error('killed');
    await runtime.storage.remove(bucket, keys);
  };
  await expect(erase({ ...runtime, storage: { ...runtime.storage, remove: dying } }, look)).rejects.toThrow('killed');
  expect(await objectsIn(runtime.storage)).toHaveLength(2);

  await erase(runtime, look);
  expect(await objectsIn(runtime.storage)).toEqual([]);
  expect(await receipt()).toMatchObject({ objects: 3, bytes: 15n, completedAt: null });
  await erase(runtime, await nextLook(runtime));
  expect(await receipt()).toMatchObject({ objects: 3, bytes: 15n, completedAt: expect.any(Date) });
});

test('an erasure takes what lies elsewhere too, and leaves what a row still names', async () => {
  await using runtime = await openTestRuntime();
  const { prisma } = runtime.database;
  const tenant = await seedTenant(runtime.database, 'analytical');
  const heir = await seedUpload(runtime.database, tenant);
  const prefix = `${tenant.workspaceId}/${randomUUID()}`;
  const [handedOver, elsewhere] = [`${prefix}/rendition/kept.mp4`, `${tenant.workspaceId}/${heir}/rendition/b.mp4`];
  for (const key of [handedOver, elsewhere, `${prefix}/rendition/c.mp4`]) {
    await putObject(runtime.storage, { bucket: 'clips', key });
  }
  await prisma.artifact.create({
    data: {
      workspaceId: tenant.workspaceId,
      uploadId: heir,
      artifactKey: 'key',
      bucket: 'clips',
      storageKey: handedOver,
      contentType: 'video/mp4',
      sizeBytes: 5,
      sha256: 'a'.repeat(64),
    },
  });
  const { look, receipt } = await ordered(runtime, prefix);
  await erase(runtime, { ...look, elsewhere: [{ bucket: 'clips', key: elsewhere }] });
  expect(await objectsIn(runtime.storage)).toEqual([`clips/${handedOver}`]);
  expect(await receipt()).toMatchObject({ objects: 2, bytes: 10n });
});
