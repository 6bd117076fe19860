import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import { type Api, type Viewer, visibleTo } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { type MutationName, requireRole } from '#graph/permissions.ts';

/** Which transcript a change is for, and on top of which of its revisions. */
export const transcriptBase = z.object({
  transcriptId: idOf('Transcript'),
  baseRevision: z.int(),
});

/** A transcript that nobody else changes until the transaction ends. */
export interface HeldTranscript {
  readonly id: string;
  readonly workspaceId: string;
  readonly uploadId: string;
  readonly language: string;
  readonly revision: number;
  readonly segments: number;
  /** Length of the recording. */
  readonly durationMs: number;
}

/**
 * Changes a transcript that the caller sees in one transaction, on top of the revision they know, and then wakes the
 * workspace's readers. NOT_FOUND, FORBIDDEN below an editor, and STALE_REVISION where it was changed meanwhile.
 */
export async function withTranscript<Done>(
  { database: { prisma }, wake }: Api,
  { viewer, base, name }: { viewer: Viewer; base: z.output<typeof transcriptBase>; name: MutationName },
  change: (tx: Tx, transcript: HeldTranscript) => Promise<Done>,
): Promise<Done> {
  const where = { id: base.transcriptId, ...visibleTo({ viewer }) };
  const row = await prisma.transcript.findFirst({ where, select: { workspaceId: true, uploadId: true } });
  if (!row) throw new Problem('NOT_FOUND', { what: 'The transcript' });
  requireRole(viewer, row.workspaceId, name);
  const done = await prisma.$transaction(async (tx) => change(tx, await held(tx, row.uploadId, base)), {
    timeout: 30_000,
    maxWait: 10_000,
  });
  wake(row.workspaceId);
  return done;
}

async function held(
  tx: Tx,
  uploadId: string,
  { transcriptId, baseRevision }: z.output<typeof transcriptBase>,
): Promise<HeldTranscript> {
  await takeTurn(tx, uploadId);
  const row = await tx.transcript.findUnique({
    where: { id: transcriptId },
    select: {
      id: true,
      workspaceId: true,
      uploadId: true,
      language: true,
      revision: true,
      upload: { select: { durationMs: true } },
      _count: { select: { segments: true } },
    },
  });
  if (!row) throw new Problem('NOT_FOUND', { what: 'The transcript' });
  const { upload, _count, ...transcript } = row;
  const { revision: currentRevision } = transcript;
  if (currentRevision !== baseRevision)
    throw new Problem('STALE_REVISION', { expectedRevision: baseRevision, currentRevision });
  return { ...transcript, segments: _count.segments, durationMs: upload.durationMs ?? 0 };
}
