import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { openDisk } from '#embedded/storage/disk.ts';
import { openObjects } from '#embedded/storage/objects.ts';
import { dropStrayBlobs } from '#embedded/storage/stray-blobs.ts';
import { openEmbeddedServer } from '../../support/storage.ts';

const hourMs = 60 * 60 * 1000;

test('bytes that no record names are dropped after a day, and those of objects never', async () => {
  await using folder = await openFolder();
  await using server = await openEmbeddedServer({ folder: folder.path });
  const name = { bucket: 'clips', key: 'ws/u1/a.mp4' } as const;
  await server.storage.put(name, 'kept', { contentType: 'video/mp4' });
  const blobs = path.join(folder.path, 'blobs', 'clips');
  await mkdir(path.join(blobs, '00'), { recursive: true });
  await writeFile(path.join(blobs, '00', crypto.randomUUID()), 'left by a crash');
  const disk = await openDisk(folder.path);
  const store = { disk, objects: openObjects(disk) };

  expect(await dropStrayBlobs(store, Date.now() + 23 * hourMs)).toBe(0);
  expect(await readdir(path.join(blobs, '00'))).toHaveLength(1);
  expect(await dropStrayBlobs(store, Date.now() + 25 * hourMs)).toBe(1);
  expect(await readdir(path.join(blobs, '00'))).toEqual([]);
  expect(await text(await server.storage.read(name))).toBe('kept');
});
