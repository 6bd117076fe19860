import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Disk, readRecord, vanish } from './disk.ts';

/** What matters here of a tus upload's record: the object it is to become. */
const partial = z.object({
  metadata: z.object({ bucketName: z.string(), objectName: z.string() }).partial().nullish(),
});

/** Forgets a tus upload with the bytes it received. A client that goes on with it is told that there is none. */
export async function dropTus(disk: Disk, id: string): Promise<void> {
  await vanish(path.join(disk.tus, `${id}.json`));
  await vanish(path.join(disk.tus, id));
}

/** Forgets every tus upload that was to become an object: what is removed must not lie about in halves. */
export async function dropPartials(disk: Disk, { bucket, key }: { bucket: string; key: string }): Promise<void> {
  for (const file of await readdir(disk.tus)) {
    if (!file.endsWith('.json')) continue;
    const record = await readRecord(path.join(disk.tus, file), partial).catch(() => null);
    const { bucketName, objectName } = record?.metadata ?? {};
    if (bucketName === bucket && objectName === key) await dropTus(disk, path.basename(file, '.json'));
  }
}
