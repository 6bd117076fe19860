import { writeFile } from 'node:fs/promises';
import { captionCues, captionLayouts } from '#captions/captions.ts';
import { toSrt, toVtt } from '#captions/subtitles.ts';
import { artifactKey, type StoredArtifact, storeArtifact } from '#pipeline/artifacts.ts';
import type { StageContext } from '#pipeline/stage.ts';
import type { Sentence } from '#timeline/sentences.ts';

/** A stored caption file whose rows are not written yet. */
export interface StoredCaptions {
  readonly format: 'VTT' | 'SRT';
  readonly artifact: StoredArtifact;
}

const formats = [
  { format: 'VTT', ext: 'vtt', contentType: 'text/vtt', write: toVtt },
  { format: 'SRT', ext: 'srt', contentType: 'application/x-subrip', write: toSrt },
] as const;

/** Puts the whole transcript's captions into storage, in each format. */
export async function captionFiles(
  context: StageContext,
  transcript: { key: string; sentences: readonly Sentence[] },
): Promise<StoredCaptions[]> {
  const cues = captionCues(
    transcript.sentences.flatMap((sentence) => sentence.words),
    captionLayouts.LANDSCAPE,
  );
  return Promise.all(
    formats.map(async ({ format, ext, contentType, write }) => {
      const file = context.folder.file(`captions.${ext}`);
      await writeFile(file, write(cues));
      const artifact = await storeArtifact(context.worker.storage, context.run, {
        file,
        artifactKey: artifactKey({ artifact: 'captions', transcript: transcript.key, format }),
        bucket: 'transcripts',
        artifact: 'captions',
        ext,
        contentType,
        signal: context.signal,
      });
      return { format, artifact };
    }),
  );
}
