import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { text } from '#base/line.ts';
import { Problem, problemFrom } from '#base/problem.ts';
import { parseSubtitles } from '#captions/subtitles.ts';
import { CaptionFormat } from '#generated/prisma/enums.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { requireRole } from '#graph/permissions.ts';
import { recipeInput } from '#graph/recipe-input.ts';
import { probeOnly } from '#pipeline/recipe.ts';
import { insertRun } from '#pipeline/start-run.ts';
import { paidModels } from '#usage/paid-models.ts';
import { finalizedRun } from './finalized-run.ts';
import { uploadOf } from './upload-of.ts';

const captions = z.object({
  format: z.enum(CaptionFormat),
  language: z.string().nullish(),
  text: text(700_000),
});

export const finalizeUploadInput = z.object({
  uploadId: idOf('Upload'),
  thenRun: recipeInput.nullish(),
  captions: captions.nullish(),
});

/**
 * The bytes are all there: checks their number, then starts the run that verifies and probes them, all in one commit.
 * Finalizing again gives the same answer, or INVALID_STATE where it asks for something else than the first time.
 */
export async function finalizeUpload(
  input: z.output<typeof finalizeUploadInput>,
  viewer: Viewer,
  api: Api,
): Promise<{ uploadId: string; runId: string }> {
  const upload = await uploadOf(api.database, viewer, input.uploadId);
  requireRole(viewer, upload.workspaceId, 'finalizeUpload');
  if (upload.status === 'AWAITING_BYTES') {
    await requireAllBytes(api, upload);
    if (input.captions) requireReadable(input.captions);
  }
  const finalized = await api.database.prisma.$transaction(async (tx) => {
    const { count } = await tx.upload.updateMany({
      where: { id: upload.id, status: 'AWAITING_BYTES' },
      data: { status: 'VERIFYING' },
    });
    if (count === 0) return { uploadId: upload.id, runId: await finalizedRun(tx, input) };
    if (input.captions) {
      const { format, language = null, text } = input.captions;
      await tx.captionSidecar.create({
        data: { uploadId: upload.id, workspaceId: upload.workspaceId, format, language, text },
      });
    }
    const run = {
      id: randomUUID(),
      workspaceId: upload.workspaceId,
      uploadId: upload.id,
      recipe: input.thenRun ?? probeOnly,
      createdById: viewer.userId,
    };
    await insertRun(tx, run, paidModels(api.env));
    return { uploadId: upload.id, runId: run.id };
  });
  api.wake(upload.workspaceId);
  return finalized;
}

/** Throws unless as many bytes as announced are there; wrong ones are removed, so that the right ones can be sent. */
async function requireAllBytes(
  { storage }: Api,
  upload: { storageKey: string; announcedBytes: bigint },
): Promise<void> {
  const info = await storage.info({ bucket: 'uploads', key: upload.storageKey });
  if (!info) throw new Problem('UPLOAD_INCOMPLETE');
  const expectedBytes = Number(upload.announcedBytes);
  if (info.sizeBytes === expectedBytes) return;
  // What stands under the name now can never become the announced recording, and would refuse the bytes that can.
  await storage.remove('uploads', [upload.storageKey]);
  const code = info.sizeBytes < expectedBytes ? 'UPLOAD_INCOMPLETE' : 'CHECKSUM_MISMATCH';
  throw new Problem(code, { receivedBytes: info.sizeBytes, expectedBytes });
}

/** To read captions takes a tenth of a second or more: only for somebody who sent a recording to go with them. */
function requireReadable({ text: given, format }: z.output<typeof captions>): void {
  try {
    parseSubtitles(given, format);
  } catch (thrown) {
    const { code, facts } = problemFrom(thrown);
    throw new Problem(code, { ...facts, path: ['input', 'captions', 'text'] }, thrown);
  }
}
