import { link, open } from 'node:fs/promises';
import path from 'node:path';
import type { Upload } from '@tus/server';
import type { KeyLock } from './key-lock.ts';
import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';
import { isSettled, settled, type TusFiles } from './tus-files.ts';
import { targetOf } from './tus-target.ts';

/** Makes objects of complete uploads. */
export interface Settling {
  /** Makes the object of an upload if all its bytes are here and that was not done yet. Throws KeyAlreadyExists. */
  settle(id: string): Promise<void>;
}

/**
 * The last byte and the object are two steps, and a crash between them must not lose the upload: the client asks with
 * HEAD, sees every byte received and believes it is done. So HEAD settles too, as often as it is asked. The mark in
 * the upload's record keeps a later HEAD from bringing back an object that has been deleted since.
 */
export function openSettling(store: Store, files: TusFiles, lock: KeyLock): Settling {
  const settleLocked = async (id: string): Promise<void> => {
    const record = await files.configstore.get(id);
    if (record === undefined || isSettled(record)) return;
    const upload = await files.getUpload(id);
    if (upload.offset !== upload.size) return;
    await makeObject(store, files, upload);
    await files.configstore.set(id, Object.assign(record, { storage: { type: settled, path: '' } }));
  };
  return { settle: (id) => lock.hold(id, () => settleLocked(id)) };
}

async function makeObject(store: Store, files: TusFiles, upload: Upload): Promise<void> {
  const { upsert, ...target } = targetOf(upload.metadata);
  const standing = await store.objects.find(target);
  if (standing?.tusId === upload.id) return;
  const file = store.disk.temp();
  await copyByLink(path.join(files.directory, upload.id), file);
  const { contentType, cacheControl } = target;
  const arrival = { file, sizeBytes: upload.offset, contentType, cacheControl, tusId: upload.id };
  await store.objects.commit(target, arrival, upsert).catch(async (thrown: unknown) => {
    // Somebody else made the object first, so these bytes can never become it.
    if (thrown instanceof Refusal && thrown.code === 'KeyAlreadyExists') await files.remove(upload.id);
    throw thrown;
  });
}

/** A link and not a move: the protocol library reads the upload once more after its last byte. */
async function copyByLink(from: string, to: string): Promise<void> {
  await using bytes = await open(from, 'r');
  await bytes.sync();
  await link(from, to);
}
