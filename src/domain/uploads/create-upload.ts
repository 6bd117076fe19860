import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { line } from '#base/line.ts';
import { Problem } from '#base/problem.ts';
import { UploadProtocol } from '#generated/prisma/enums.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { idempotencyKey, once } from '#graph/once.ts';
import { requireRole } from '#graph/permissions.ts';
import { tellWorkspace } from '#pipeline/activity.ts';
import { admitUpload } from '#pipeline/reserve.ts';

/** A file name as a label: no folders, no control characters, nothing that turns the reading direction. It never becomes a path. */
const fileName = z
  .string()
  .normalize('NFC')
  .transform((name) =>
    (name.split(/[/\\]/).at(-1) ?? '').replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, '').trim(),
  )
  .pipe(z.string().regex(/[^.]/, 'Must name a file.').max(255, 'At most 255 characters.'));

/** Left out and null are the same request, under one idempotency key too. */
const orNull = <T>(value: T): NonNullable<T> | null => value ?? null;

export const createUploadInput = z.object({
  workspaceId: idOf('Workspace'),
  title: line(200).nullish().transform(orNull),
  fileName,
  contentType: z.string().trim().toLowerCase().max(100),
  sizeBytes: z.int().min(1, 'An empty file is not a recording.'),
  sha256: z
    .string()
    .toLowerCase()
    .regex(/^[0-9a-f]{64}$/, 'Must be 64 hexadecimal digits.')
    .nullish()
    .transform(orNull),
  protocol: z
    .enum(UploadProtocol)
    .nullish()
    .transform((protocol) => protocol ?? 'TUS'),
  idempotencyKey,
});

/** Reserves an upload; its target is minted when it is asked for. */
export async function createUpload(
  input: z.output<typeof createUploadInput>,
  viewer: Viewer,
  { database, env, wake }: Api,
): Promise<{ uploadId: string }> {
  requireRole(viewer, input.workspaceId, 'createUpload');
  if (!/^(audio|video)\/[\w.+-]+$/.test(input.contentType)) {
    throw new Problem('MEDIA_UNSUPPORTED', { found: input.contentType, path: ['input', 'contentType'] });
  }
  if (input.sizeBytes > env.MAX_UPLOAD_BYTES) {
    const facts = { sizeBytes: input.sizeBytes, limitBytes: env.MAX_UPLOAD_BYTES, path: ['input', 'sizeBytes'] };
    throw new Problem('MEDIA_TOO_LARGE', facts);
  }
  const { workspaceId, idempotencyKey: key, ...rest } = input;
  const created = await database.prisma.$transaction(async (tx) => {
    const { answerId, replayed } = await once(tx, { workspaceId, key, operation: 'createUpload', input: rest });
    if (!replayed) {
      await admitUpload(tx, workspaceId, input.sizeBytes);
      await tx.upload.create({
        data: {
          id: answerId,
          workspaceId,
          title: input.title ?? titleOf(input.fileName),
          fileName: input.fileName,
          contentType: input.contentType,
          announcedBytes: input.sizeBytes,
          announcedSha256: input.sha256,
          protocol: input.protocol,
          storageKey: `${workspaceId}/${answerId}/source/${randomUUID()}.bin`,
          createdById: viewer.userId,
        },
        select: { id: true },
      });
      const subject = { type: 'Upload', id: answerId };
      await tellWorkspace(tx, { workspaceId, kind: 'UPLOAD_CREATED', actorId: viewer.userId, subject });
    }
    return { uploadId: answerId };
  });
  wake(workspaceId);
  return created;
}

/** A file name without its ending, as a first title. */
const titleOf = (name: string): string =>
  name
    .replace(/\.[^.]{1,8}$/, '')
    .replace(/[_]+/g, ' ')
    .trim() || name;
