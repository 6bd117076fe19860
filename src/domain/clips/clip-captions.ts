import { writeFile } from 'node:fs/promises';
import type { Tx } from '#base/database.ts';
import { captionTexts } from '#domain/transcripts/caption-texts.ts';
import { artifactKey } from '#work/artifacts.ts';
import { type Made, madeOnce, rowOf } from '#work/made-once.ts';
import type { StageContext } from '#work/stage.ts';
import type { RenderOrder } from './render-order.ts';

interface CaptionFile {
  readonly format: 'VTT' | 'SRT';
  readonly made: Made;
}

/** The clip's caption files; they belong to the clip, so every shape of it finds the same ones. */
export async function clipCaptions(
  context: StageContext,
  { words, renditions }: RenderOrder,
): Promise<readonly CaptionFile[]> {
  if (words.length === 0 || renditions.every(({ captionStyle }) => captionStyle === 'NONE')) return [];
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

/** Writes their rows, in the stage's commit. */
export async function saveCaptions(
  tx: Tx,
  { workspaceId, clipId, language }: RenderOrder,
  files: readonly CaptionFile[],
): Promise<void> {
  for (const { format, made } of files) {
    const artifactId = await rowOf(tx, made);
    await tx.captionFile.upsert({
      where: { clipId_language_format: { clipId, language, format } },
      create: { workspaceId, clipId, language, format, artifactId },
      update: { artifactId },
      select: { id: true },
    });
  }
}
