import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { UploadProtocol } from '#generated/prisma/enums.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { requireRole } from '#graph/permissions.ts';
import { uploadOf } from './upload-of.ts';

export const renewUploadTargetInput = z.object({
  uploadId: idOf('Upload'),
  protocol: z.enum(UploadProtocol).nullish(),
});

/** Makes the upload ready for a fresh target, under another protocol if asked; bytes that tus already sent are kept. */
export async function renewUploadTarget(
  input: z.output<typeof renewUploadTargetInput>,
  viewer: Viewer,
  { database }: Api,
): Promise<{ uploadId: string }> {
  const upload = await uploadOf(database, viewer, input.uploadId);
  requireRole(viewer, upload.workspaceId, 'renewUploadTarget');
  const { count } = await database.prisma.upload.updateMany({
    where: { id: upload.id, status: 'AWAITING_BYTES' },
    data: { protocol: input.protocol ?? upload.protocol },
  });
  if (count === 0) throw new Problem('INVALID_STATE', { reason: 'The bytes of this upload have already arrived.' });
  return { uploadId: upload.id };
}
