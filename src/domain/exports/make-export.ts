import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { openFolder } from '#base/temp.ts';
import { kept } from '#retention/kept.ts';
import type { Worker } from '#work/worker.ts';
import { personalData } from './personal-data.ts';

/** The queue's name for making an export. */
export const exportChore = 'export';

const order = z.object({
  exportId: z.uuid(),
  /** Which workspaces the person could read when asking: of others it is not known whether they still may. */
  workspaceIds: z.array(z.uuid()),
});

/** Writes a person's export into storage and makes it ready. Nothing to do where it is ready or the person has left. */
export async function makeExport(
  { database: { prisma }, storage, folder: root }: Pick<Worker, 'database' | 'storage' | 'folder'>,
  payload: unknown,
  signal: AbortSignal,
): Promise<void> {
  const { exportId: id, workspaceIds } = order.parse(payload);
  const wanted = await prisma.dataExport.findFirst({ where: { id, readyAt: null }, select: { userId: true } });
  if (!wanted) return;
  await using folder = await openFolder(root);
  const file = folder.file('export.json');
  await pipeline(Readable.from(personalData(prisma, { ...wanted, workspaceIds })), createWriteStream(file), { signal });
  const name = { bucket: 'exports', key: `${wanted.userId}/${id}.json` } as const;
  await storage.putFile(name, file, { contentType: 'application/json', signal });
  const readyAt = new Date();
  const expiresAt = new Date(readyAt.getTime() + kept.dataExports.hours * 60 * 60 * 1000);
  const { count } = await prisma.dataExport.updateMany({
    where: { id },
    data: { storageKey: name.key, sizeBytes: (await stat(file)).size, readyAt, expiresAt },
  });
  if (count === 0) await storage.remove(name.bucket, [name.key]);
}
