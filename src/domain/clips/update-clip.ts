import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { line } from '#base/line.ts';
import type { Span } from '#base/time.ts';
import { type RangeShape, timeRange } from '#domain/files/time-range.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { chosenBounds, footageOf } from './clip-bounds.ts';
import { clipOf, holdClip } from './clip-of.ts';
import { recutClip } from './recut.ts';
import { reviseClip } from './revise-clip.ts';

export const updateClipInput = z
  .object({
    clipId: idOf('Clip'),
    baseRevision: z.int(),
    title: line(200).nullish(),
    range: timeRange.nullish(),
  })
  .refine(({ title, range }) => title != null || range != null, { message: 'Name what to change: title or range.' });

/** Changes a clip's title or bounds. With other bounds its renditions become stale; CONFLICT where another clip has them. */
export async function updateClip(
  { clipId, baseRevision, title, range }: z.output<typeof updateClipInput>,
  viewer: Viewer,
  api: Api,
): Promise<{ clipId: string }> {
  const clip = await clipOf(api, viewer, { id: clipId, name: 'updateClip' });
  const data = { ...(title != null && { title }) };
  const update = async (tx: Tx) => {
    await holdClip(tx, clip, baseRevision);
    if (range == null) await reviseClip(tx, clipId, { stale: 'NONE', data });
    else await recutClip(tx, { clipId, span: await spanOf(tx, clip.uploadId, range), data });
  };
  await api.database.prisma.$transaction(update, { timeout: 30_000, maxWait: 10_000 });
  return { clipId };
}

const spanOf = async (tx: Tx, uploadId: string, range: RangeShape): Promise<Span> =>
  chosenBounds(tx, await footageOf(tx, uploadId), { range, path: ['input', 'range'] });
