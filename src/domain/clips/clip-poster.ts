import type { Tx } from '#base/database.ts';
import { sourceMs } from '#base/time.ts';
import { poster } from '#media/poster.ts';
import { artifactKey } from '#work/artifacts.ts';
import { type Made, madeOnce, rowOf } from '#work/made-once.ts';
import type { StageContext } from '#work/stage.ts';
import type { RenderOrder } from './render-order.ts';

/** Bump when the same moment would give another picture. */
const posterVersion = 1;
const width = 1280;

/** A still picture of the clip from near its beginning; null where there is no picture. */
export async function clipPoster(context: StageContext, { recording, cuts }: RenderOrder): Promise<Made | null> {
  if (!recording.facts.video) return null;
  const { ffmpeg, sources } = context.worker;
  const [first] = cuts;
  const atMs = sourceMs(first ? first.startMs + Math.min(1_000, (first.endMs - first.startMs) / 3) : 0);
  const decides = { posterVersion, width, source: recording.sha256, atMs, ffmpeg: ffmpeg.version };
  const key = artifactKey({ artifact: 'poster', ...decides });
  const place = { key, bucket: 'images', artifact: 'poster', ext: 'jpg', contentType: 'image/jpeg' } as const;
  return madeOnce(context, place, async (out) => {
    await using source = await sources.open({ bucket: 'uploads', key: recording.storageKey }, context.signal);
    await poster(ffmpeg, { source: source.at, atMs, width, out, signal: source.signal });
    return {};
  });
}

/** Writes its row, in the stage's commit. */
export async function savePoster(tx: Tx, { clipId }: RenderOrder, made: Made | null): Promise<void> {
  if (!made) return;
  const posterArtifactId = await rowOf(tx, made);
  await tx.clip.update({ where: { id: clipId }, data: { posterArtifactId }, select: { id: true } });
}
