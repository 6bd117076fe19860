import { chmod } from 'node:fs/promises';
import { type Folder, openFolder } from '#base/temp.ts';

/** An OFFPRINT_HOME that is gone at the end of its scope. Open to walk through, so that root's database can live in it. */
export async function openHome(): Promise<Folder> {
  const folder = await openFolder();
  await chmod(folder.path, 0o711);
  return folder;
}
