import { writeFile } from 'node:fs/promises';
import type { Sentence } from '#timeline/sentences.ts';
import { artifactKey } from '#work/artifacts.ts';
import { type Made, madeOnce } from '#work/made-once.ts';
import type { StageContext } from '#work/stage.ts';
import { captionTexts } from './caption-texts.ts';

/** A caption file whose row is not written yet, or that another upload with the same words has already. */
export interface CaptionsMade {
  readonly format: 'VTT' | 'SRT';
  readonly made: Made;
}

/** Puts the whole transcript's captions into storage, in each flavour. */
export async function captionFiles(context: StageContext, sentences: readonly Sentence[]): Promise<CaptionsMade[]> {
  const texts = captionTexts(sentences.flatMap((sentence) => sentence.words));
  return Promise.all(
    texts.map(async ({ format, ext, contentType, text }) => {
      const key = artifactKey({ artifact: 'captions', of: 'transcript', format, text });
      const place = { key, bucket: 'transcripts', artifact: 'captions', ext, contentType } as const;
      const made = await madeOnce(context, place, async (file) => {
        await writeFile(file, text);
        return {};
      });
      return { format, made };
    }),
  );
}
