import type { Tx } from '#base/database.ts';
import { clipMs, type SourceMs, type Span } from '#base/time.ts';
import { poster } from '#media/poster.ts';
import { timeMap } from '#timeline/time-map.ts';
import { artifactKey } from '#work/artifacts.ts';
import { type Made, madeOnce, rowOf } from '#work/made-once.ts';
import type { StageContext } from '#work/stage.ts';
import { columnsOf } from './cuts-column.ts';
import type { RenderOrder } from './render-order.ts';

/** Bump when the same places would give another picture. */
const posterVersion = 3;
const width = 1280;

/** A still picture of the clip, from near its beginning or where there is something to see; null without a picture. */
export async function clipPoster(context: StageContext, { recording, cuts }: RenderOrder): Promise<Made | null> {
  if (!recording.facts.video) return null;
  const { colours } = recording.facts.video;
  const { ffmpeg, sources } = context.worker;
  const places = placesIn(cuts);
  const decides = { posterVersion, width, source: recording.sha256, places, ffmpeg: ffmpeg.version };
  const key = artifactKey({ artifact: 'poster', ...decides });
  const place = { key, bucket: 'images', artifact: 'poster', ext: 'jpg', contentType: 'image/jpeg' } as const;
  return madeOnce(context, place, async (out) => {
    await using source = await sources.open(recording.stored, context.signal);
    for (const atMs of places)
      if (await poster(ffmpeg, { source: source.at, atMs, width, colours, out, signal: source.signal })) break;
    return {};
  });
}

/** A second into the clip; then, if that and what follows is black, two places further on. */
function placesIn(cuts: readonly Span[]): SourceMs[] {
  const map = timeMap(cuts);
  const { durationMs } = map;
  return [Math.min(1_000, durationMs / 3), durationMs / 2, durationMs * 0.8].map((at) => map.toSource(clipMs(at)));
}

/** Writes its row, in the stage's commit. A clip that has other cuts meanwhile takes it only if it has none. */
export async function savePoster(
  tx: Tx,
  { clipId, cuts }: Pick<RenderOrder, 'clipId' | 'cuts'>,
  made: Made | null,
): Promise<void> {
  if (!made) return;
  const posterArtifactId = await rowOf(tx, made);
  const { cutsHash } = columnsOf(cuts);
  const where = { id: clipId, OR: [{ cutsHash }, { posterArtifactId: null }] };
  await tx.clip.updateMany({ where, data: { posterArtifactId } });
}
