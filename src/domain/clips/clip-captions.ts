import type { Tx } from '#base/database.ts';
import { type CaptionsMade, captionFiles, saveCaptionFiles } from '#domain/transcripts/caption-files.ts';
import type { StageContext } from '#work/stage.ts';
import type { RenderOrder } from './render-order.ts';

/** The clip's caption files; they belong to the clip, so every shape of it finds the same ones. */
export async function clipCaptions(
  context: StageContext,
  { words, language, renditions }: RenderOrder,
): Promise<readonly CaptionsMade[]> {
  if (words.length === 0 || renditions.every(({ captionStyle }) => captionStyle === 'NONE')) return [];
  return captionFiles(context, { words, language, bucket: 'subtitles' });
}

/** Writes their rows, in the stage's commit. */
export const saveCaptions = (
  tx: Tx,
  { workspaceId, clipId, language }: RenderOrder,
  files: readonly CaptionsMade[],
): Promise<void> => saveCaptionFiles(tx, { workspaceId, clipId, language }, files);
