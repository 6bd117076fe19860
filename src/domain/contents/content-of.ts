import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import { type Api, type Viewer, visibleTo } from '#graph/context.ts';
import { type PermissionName, requireRole } from '#graph/permissions.ts';
import { type ContentBody, type ContentSentence, contentBody, contentSentences } from './body.ts';

/** A post that nobody else changes until the transaction ends, with the version in force. */
export interface HeldContent {
  readonly id: string;
  readonly workspaceId: string;
  readonly uploadId: string;
  readonly language: string;
  readonly current: {
    readonly id: string;
    readonly number: number;
    readonly body: ContentBody;
    readonly sentences: readonly ContentSentence[];
  };
}

/**
 * Changes a post that the caller sees in one transaction, and then wakes the workspace's readers. NOT_FOUND, FORBIDDEN
 * below what the named mutation takes, and INVALID_STATE while nothing is written yet.
 */
export async function withContent<Done>(
  { database: { prisma }, wake }: Api,
  { viewer, id, name }: { viewer: Viewer; id: string; name: PermissionName },
  change: (tx: Tx, content: HeldContent) => Promise<Done>,
): Promise<Done> {
  const where = { id, ...visibleTo({ viewer }) };
  const row = await prisma.content.findFirst({ where, select: { workspaceId: true, uploadId: true } });
  if (!row) throw new Problem('NOT_FOUND', { what: 'The post' });
  requireRole(viewer, row.workspaceId, name);
  const done = await prisma.$transaction(async (tx) => change(tx, await held(tx, row.uploadId, id)), {
    timeout: 30_000,
    maxWait: 10_000,
  });
  wake(row.workspaceId);
  return done;
}

async function held(tx: Tx, uploadId: string, id: string): Promise<HeldContent> {
  await takeTurn(tx, uploadId);
  const row = await tx.content.findUnique({
    where: { id },
    select: {
      id: true,
      workspaceId: true,
      uploadId: true,
      language: true,
      currentVersion: { select: { id: true, number: true, body: true, sentences: true } },
    },
  });
  if (!row) throw new Problem('NOT_FOUND', { what: 'The post' });
  const { currentVersion, ...content } = row;
  if (!currentVersion) throw new Problem('INVALID_STATE', { reason: 'Nothing is written of this post yet.' });
  const { body, sentences, ...version } = currentVersion;
  const current = { ...version, body: contentBody.parse(body), sentences: contentSentences.parse(sentences) };
  return { ...content, current };
}
