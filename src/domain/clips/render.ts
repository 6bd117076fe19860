import { writeFile } from 'node:fs/promises';
import type { Tx } from '#base/database.ts';
import { type SourceMs, sourceMs } from '#base/time.ts';
import { toAss } from '#captions/ass.ts';
import { captionCues, captionLayoutFor } from '#captions/captions.ts';
import { captionTexts } from '#domain/transcripts/caption-texts.ts';
import { encodeClip } from '#media/encode.ts';
import { poster } from '#media/poster.ts';
import { presets } from '#media/presets.ts';
import { artifactKey } from '#work/artifacts.ts';
import { type Made, madeOnce, rowOf } from '#work/made-once.ts';
import type { StageCommit, StageContext } from '#work/stage.ts';
import { type RenderOrder, renderOrder } from './render-order.ts';

/** Bump when the same order would give other bytes. */
const renderVersion = 1;
const posterWidth = 1280;

/**
 * Makes one rendition with its clip's caption files and poster. What the same order made before in this workspace is
 * taken as it is: nothing is encoded twice.
 */
export async function render(context: StageContext): Promise<StageCommit> {
  const order = await renderOrder(context);
  const captions = await captionsOf(context, order);
  const still = order.recording.facts.video ? await stillOf(context, order) : null;
  const file = await fileOf(context, order);
  return async (tx) => {
    for (const { format, made } of captions) await saveCaptions(tx, context, { order, format, made });
    const posterArtifactId = still && (await rowOf(tx, still));
    await tx.clip.update({
      where: { id: order.clipId },
      data: { ...(posterArtifactId && { posterArtifactId }) },
      select: { id: true },
    });
    const artifactId = await rowOf(tx, file);
    await tx.rendition.update({ where: { id: order.renditionId }, data: { artifactId }, select: { id: true } });
    return [
      { type: 'Rendition', id: order.renditionId },
      { type: 'Clip', id: order.clipId },
    ];
  };
}

async function fileOf(context: StageContext, order: RenderOrder): Promise<Made> {
  const { extension, contentType } = presets[order.preset];
  const { ffmpeg, sources } = context.worker;
  const assText = burnedCaptions(order);
  const key = renditionKey(order, ffmpeg.version);
  const place = { key, bucket: 'clips', artifact: 'rendition', ext: extension, contentType } as const;
  return madeOnce(context, place, async (out) => {
    await using source = await sources.hold({ bucket: 'uploads', key: order.recording.storageKey }, context.signal);
    const assFile = assText === null ? null : context.folder.file('captions.ass');
    if (assFile && assText !== null) await writeFile(assFile, assText);
    const { facts, cpuMs } = await encodeClip(ffmpeg, {
      source: source.path,
      facts: order.recording.facts,
      cuts: order.cuts,
      preset: order.preset,
      assFile,
      out,
      signal: context.signal,
      onProgress: (fraction) => context.progress(0.05 + 0.9 * fraction),
    });
    const took = [
      { unit: 'RENDERED_MS', quantity: facts.durationMs },
      { unit: 'ENCODE_CPU_MS', quantity: cpuMs },
    ] as const;
    return { media: facts, took };
  });
}

/** Everything that decides the bytes of a rendition; `ffmpeg` is the version of the encoder with its threads. */
export function renditionKey(
  order: Pick<RenderOrder, 'cuts' | 'preset' | 'captionStyle' | 'words'> & { recording: { sha256: string } },
  ffmpeg: string,
): string {
  const { cuts, preset, recording } = order;
  const captions = burnedCaptions(order);
  return artifactKey({
    artifact: 'rendition',
    renderVersion,
    source: recording.sha256,
    cuts,
    preset,
    captions,
    ffmpeg,
  });
}

function burnedCaptions({
  preset,
  captionStyle,
  words,
}: Pick<RenderOrder, 'preset' | 'captionStyle' | 'words'>): string | null {
  const { frame } = presets[preset];
  if (!frame || words.length === 0) return null;
  if (captionStyle !== 'BURNED_PLAIN' && captionStyle !== 'BURNED_KARAOKE') return null;
  const style = captionStyle === 'BURNED_KARAOKE' ? 'KARAOKE' : 'PLAIN';
  return toAss(captionCues(words, captionLayoutFor(frame)), { ...frame, style });
}

/** The clip's caption files; they belong to the clip, so every shape of it finds the same ones. */
async function captionsOf(context: StageContext, { words, captionStyle }: RenderOrder) {
  if (words.length === 0 || captionStyle === 'NONE') return [];
  return Promise.all(
    captionTexts(words).map(async ({ format, ext, contentType, text }) => {
      const key = artifactKey({ artifact: 'captions', format, text });
      const place = { key, bucket: 'subtitles', artifact: 'captions', ext, contentType } as const;
      const made = await madeOnce(context, place, async (file) => {
        await writeFile(file, text);
        return {};
      });
      return { format, made };
    }),
  );
}

async function saveCaptions(
  tx: Tx,
  { run }: StageContext,
  { order, format, made }: { order: RenderOrder; format: 'VTT' | 'SRT'; made: Made },
): Promise<void> {
  const { clipId, language } = order;
  const artifactId = await rowOf(tx, made);
  await tx.captionFile.upsert({
    where: { clipId_language_format: { clipId, language, format } },
    create: { workspaceId: run.workspaceId, clipId, language, format, artifactId },
    update: { artifactId },
    select: { id: true },
  });
}

async function stillOf(context: StageContext, { recording, cuts }: RenderOrder): Promise<Made> {
  const [first] = cuts;
  const atMs = sourceMs(first ? first.startMs + Math.min(1_000, (first.endMs - first.startMs) / 3) : 0);
  const key = posterKey({ source: recording.sha256, atMs, ffmpeg: context.worker.ffmpeg.version });
  const place = { key, bucket: 'images', artifact: 'poster', ext: 'jpg', contentType: 'image/jpeg' } as const;
  return madeOnce(context, place, async (out) => {
    const { ffmpeg, sources } = context.worker;
    await using source = await sources.hold({ bucket: 'uploads', key: recording.storageKey }, context.signal);
    await poster(ffmpeg, { source: source.path, atMs, width: posterWidth, out, signal: context.signal });
    return {};
  });
}

const posterKey = (decides: { source: string; atMs: SourceMs; ffmpeg: string }): string =>
  artifactKey({ artifact: 'poster', renderVersion, width: posterWidth, ...decides });
