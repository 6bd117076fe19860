import { writeFile } from 'node:fs/promises';
import { artifactKey, type StoredArtifact, storeArtifact } from '#pipeline/artifacts.ts';
import type { StageContext } from '#pipeline/stage.ts';
import type { Sentence } from '#timeline/sentences.ts';
import { captionTexts } from './caption-texts.ts';

/** A stored caption file whose rows are not written yet. */
export interface StoredCaptions {
  readonly format: 'VTT' | 'SRT';
  readonly artifact: StoredArtifact;
}

/** Puts the whole transcript's captions into storage, in each flavour. */
export async function captionFiles(context: StageContext, sentences: readonly Sentence[]): Promise<StoredCaptions[]> {
  const { worker, folder, signal } = context;
  const texts = captionTexts(sentences.flatMap((sentence) => sentence.words));
  return Promise.all(
    texts.map(async ({ format, ext, contentType, text }) => {
      const file = folder.file(`captions.${ext}`);
      await writeFile(file, text);
      const artifact = await storeArtifact(worker.storage, context, {
        file,
        artifactKey: artifactKey({ artifact: 'captions', of: 'transcript', format, text }),
        bucket: 'transcripts',
        artifact: 'captions',
        ext,
        contentType,
        signal,
      });
      return { format, artifact };
    }),
  );
}
