import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import { uploadOf } from '#domain/uploads/upload-of.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { idempotencyKey, once } from '#graph/once.ts';
import { requireRole } from '#graph/permissions.ts';
import { contentWish, probeOnly, type Recipe } from '#pipeline/recipe.ts';
import { insertRun } from '#pipeline/start-run.ts';
import { holdStartable } from '#pipeline/startable.ts';
import { paidModels } from '#usage/paid-models.ts';
import { begunContent } from './write.ts';

export const generateContentInput = z.object({
  uploadId: idOf('Upload'),
  contentId: idOf('Content').nullish(),
  recipe: contentWish,
  highlightIds: z
    .array(idOf('Highlight'))
    .min(1, 'Name at least one.')
    .max(50, 'At most 50.')
    .transform((ids) => [...new Set(ids)].sort())
    .nullish(),
  fresh: z.boolean().nullish(),
  idempotencyKey,
});

type Input = z.output<typeof generateContentInput>;

/** A run that writes a post. */
export interface ContentStarted {
  /** Null where a replayed request's run is gone since. */
  readonly contentId: string | null;
  readonly runId: string;
  readonly replayed: boolean;
}

/**
 * Starts a run that writes one post, from the whole recording or from some of its highlights. A recording has one post
 * of a kind in a language: asked for again it gets a new version, and one written under the same wishes from the same
 * words is used again unless `fresh`.
 */
export async function generateContent(input: Input, viewer: Viewer, api: Api): Promise<ContentStarted> {
  const { workspaceId, id: uploadId } = await uploadOf(api.database, viewer, input.uploadId);
  requireRole(viewer, workspaceId, 'generateContent');
  const { idempotencyKey: key, ...rest } = input;
  const start = async (tx: Tx): Promise<ContentStarted> => {
    const request = { workspaceId, key, operation: 'generateContent', input: rest };
    const { answerId: runId, replayed } = await once(tx, request);
    if (replayed) return { contentId: await writtenBy(tx, runId), runId, replayed };
    await holdStartable(tx, uploadId);
    await takeTurn(tx, uploadId);
    const content = await contentFor(tx, { workspaceId, uploadId }, input);
    const recipe: Recipe = {
      ...probeOnly,
      contents: [{ ...input.recipe, language: content.language }],
      write: { contentId: content.id, spans: await spansOf(tx, uploadId, input), replaces: content.currentVersionId },
      fresh: input.fresh ? runId : null,
    };
    const run = { id: runId, workspaceId, uploadId, recipe, createdById: viewer.userId };
    const stageRunId = await insertRun(tx, run, paidModels(api.env));
    await tx.content.update({ where: { id: content.id }, data: { stageRunId }, select: { id: true } });
    return { contentId: content.id, runId, replayed };
  };
  const started = await api.database.prisma.$transaction(start, { timeout: 30_000, maxWait: 10_000 });
  api.wake(workspaceId);
  return started;
}

async function writtenBy(tx: Tx, runId: string): Promise<string | null> {
  const stageRun = await tx.stageRun.findFirst({ where: { runId, stage: 'write' }, select: { subject: true } });
  return stageRun?.subject ?? null;
}

interface Place {
  readonly workspaceId: string;
  readonly uploadId: string;
}

/** The post that is asked for: the named one, or that of the kind and language. */
async function contentFor(tx: Tx, place: Place, { contentId, recipe }: Input) {
  const { uploadId } = place;
  const { kind } = recipe;
  const transcript = await tx.transcript.findFirst({
    where: { uploadId, isTranslation: false },
    orderBy: { createdAt: 'desc' },
    select: { language: true },
  });
  if (!transcript) throw new Problem('INVALID_STATE', { reason: 'The recording has no transcript to write from yet.' });
  const id =
    contentId ?? (await begunContent(tx, { ...place, kind, language: recipe.language ?? transcript.language }));
  const select = { id: true, kind: true, language: true, currentVersionId: true } as const;
  const content = await tx.content.findFirst({ where: { id, uploadId }, select });
  if (!content) throw new Problem('NOT_FOUND', { what: 'The post', path: ['input', 'contentId'] });
  if (content.kind !== kind || (recipe.language !== null && recipe.language !== content.language)) {
    const reason = `The post is a ${content.kind} in ${content.language}; leave \`contentId\` out for another one.`;
    throw new Problem('INVALID_INPUT', { reason, path: ['input', 'recipe'] });
  }
  return content;
}

/** Where the named highlights are now: what is written stays what was asked for, whatever becomes of them. */
async function spansOf(tx: Tx, uploadId: string, { highlightIds }: Input) {
  if (!highlightIds) return null;
  const spans = await tx.highlight.findMany({
    where: { uploadId, id: { in: highlightIds } },
    orderBy: [{ startMs: 'asc' }, { endMs: 'asc' }],
    select: { startMs: true, endMs: true },
  });
  if (spans.length === highlightIds.length) return spans;
  throw new Problem('NOT_FOUND', { what: 'A highlight of this recording', path: ['input', 'highlightIds'] });
}
