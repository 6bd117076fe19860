import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, vanish } from './disk.ts';
import type { Store } from './store.ts';

/** A blob waits this long for its record: a write in hand has renamed its bytes and not yet pointed at them. */
const graceMs = 24 * 60 * 60 * 1000;

/**
 * Removes bytes that no record names: what a crash leaves between the blob and its record. The age is that of the file's
 * last link or rename (ctime), since a copy shares the file, and with it the time of writing, of what it was made from.
 */
export async function dropStrayBlobs(
  { disk, objects }: Pick<Store, 'disk' | 'objects'>,
  now = Date.now(),
): Promise<number> {
  let dropped = 0;
  for (const bucket of await readdir(disk.blobs)) {
    const old = await oldBlobs(path.join(disk.blobs, bucket), now - graceMs);
    if (old.length === 0) continue;
    // Read after the folder: a record that came meanwhile keeps its blob.
    const named = new Set([...(await objects.all(bucket)).values()].map(({ version }) => version));
    for (const file of old) {
      if (named.has(path.basename(file))) continue;
      await vanish(file);
      dropped += 1;
    }
  }
  return dropped;
}

async function oldBlobs(folder: string, before: number): Promise<string[]> {
  const old: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const facts = await stat(file).catch((thrown: unknown) => {
      if (codeOf(thrown) === 'ENOENT') return null;
      throw thrown;
    });
    if (facts && facts.ctimeMs < before) old.push(file);
  }
  return old;
}
