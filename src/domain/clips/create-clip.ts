import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { line } from '#base/line.ts';
import { Problem } from '#base/problem.ts';
import { type Span, sourceMs } from '#base/time.ts';
import { type RangeShape, timeRange } from '#domain/files/time-range.ts';
import { spokenWords } from '#domain/transcripts/spoken-lines.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import { uploadOf } from '#domain/uploads/upload-of.ts';
import { type Api, type Viewer, visibleTo } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { answerWith, idempotencyKey, once } from '#graph/once.ts';
import { requireRole } from '#graph/permissions.ts';
import { joinWords } from '#timeline/word-timing.ts';
import { chosenBounds, type Footage, footageOf } from './clip-bounds.ts';
import { columnsOf } from './cuts-column.ts';
import { cutsWithin } from './planned-cuts.ts';

export const createClipInput = z.object({
  source: z.object({
    highlightId: idOf('Highlight').nullish(),
    free: z.object({ uploadId: idOf('Upload'), range: timeRange }).nullish(),
  }),
  title: line(200)
    .nullish()
    .transform((title) => title ?? null),
  removeSilences: z.boolean(),
  removeFillers: z.boolean(),
  idempotencyKey,
});

type Input = z.output<typeof createClipInput>;

/**
 * Cuts a clip from a highlight or from free bounds; nothing is encoded yet. Where a clip with the same cuts is there
 * already, that one is the answer, as it is.
 */
export async function createClip(input: Input, viewer: Viewer, api: Api): Promise<{ clipId: string }> {
  const source = await sourceOf(api, viewer, input);
  const { workspaceId, uploadId } = source;
  requireRole(viewer, workspaceId, 'createClip');
  const { idempotencyKey: key, ...rest } = input;
  const request = { workspaceId, key, operation: 'createClip', input: rest };
  const create = async (tx: Tx) => {
    const { answerId, replayed } = await once(tx, request);
    if (replayed) return answerId;
    await takeTurn(tx, uploadId);
    const clipId = await savedClip(tx, { id: answerId, source, input });
    if (clipId !== answerId) await answerWith(tx, request, clipId);
    return clipId;
  };
  return { clipId: await api.database.prisma.$transaction(create, { timeout: 30_000, maxWait: 10_000 }) };
}

interface Source {
  readonly workspaceId: string;
  readonly uploadId: string;
  /** Null for free bounds. */
  readonly highlightId: string | null;
  readonly title: string | null;
  readonly range: RangeShape;
}

async function sourceOf({ database }: Api, viewer: Viewer, { source: { highlightId, free } }: Input): Promise<Source> {
  if (free) {
    const { workspaceId, id } = await uploadOf(database, viewer, free.uploadId);
    return { workspaceId, uploadId: id, highlightId: null, title: null, range: free.range };
  }
  const highlight = await database.prisma.highlight.findFirst({
    where: { id: highlightId ?? '', ...visibleTo({ viewer }) },
    select: { id: true, workspaceId: true, uploadId: true, title: true, startMs: true, endMs: true },
  });
  if (!highlight) throw new Problem('NOT_FOUND', { what: 'The highlight' });
  const { id, startMs, endMs, ...rest } = highlight;
  return { ...rest, highlightId: id, range: { startMs, endMs } };
}

async function savedClip(tx: Tx, { id, source, input }: { id: string; source: Source; input: Input }): Promise<string> {
  const { workspaceId, uploadId, highlightId } = source;
  const { removeSilences, removeFillers } = input;
  const footage = await footageOf(tx, uploadId);
  const span = await spanOf(tx, footage, source);
  const laying = { ...footage, recipe: { clips: { removeSilences, removeFillers } } };
  const columns = columnsOf(await cutsWithin(tx, laying, span));
  const origin = highlightId === null ? 'FREE' : 'HIGHLIGHT';
  const unique = { uploadId, origin, cutsHash: columns.cutsHash } as const;
  const known = await tx.clip.findUnique({ where: { uploadId_origin_cutsHash: unique }, select: { id: true } });
  if (known) return known.id;
  const title = input.title ?? source.title ?? (await firstWords(tx, footage, span));
  await tx.clip.create({
    data: { id, workspaceId, uploadId, highlightId, origin, title, removeSilences, removeFillers, ...columns },
    select: { id: true },
  });
  return id;
}

/** A highlight's bounds were moved when it was chosen. */
async function spanOf(tx: Tx, footage: Footage, { highlightId, range }: Source): Promise<Span> {
  if (highlightId !== null) return { startMs: sourceMs(range.startMs), endMs: sourceMs(range.endMs) };
  return chosenBounds(tx, footage, { range, path: ['input', 'source', 'free', 'range'] });
}

/** A title for a clip that nobody named. */
async function firstWords(tx: Tx, { recording, transcriptId }: Footage, span: Span): Promise<string> {
  const words = await spokenWords(tx, transcriptId, span);
  return joinWords(words.slice(0, 8).map(({ text }) => text)).slice(0, 70) || recording.title;
}
