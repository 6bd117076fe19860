import { writeFile } from 'node:fs/promises';
import type { Tx } from '#base/database.ts';
import type { Word } from '#base/time.ts';
import { artifactKey } from '#work/artifacts.ts';
import { type Made, type Making, madeOnce, rowOf } from '#work/made-once.ts';
import { type CaptionText, captionTexts } from './caption-texts.ts';

/** A caption file whose row is not written yet, or that another upload with the same words has already. */
export interface CaptionsMade extends Pick<CaptionText, 'format' | 'report'> {
  readonly made: Made;
}

/** What captions are made of, and where they are stored: a transcript's or a clip's. */
interface Captioned<Ms extends number> {
  readonly words: readonly Word<Ms>[];
  readonly language: string;
  readonly bucket: 'transcripts' | 'subtitles';
}

/** Puts captions of all the words into storage, in each flavour. */
export async function captionFiles<Ms extends number>(
  context: Making,
  { words, language, bucket }: Captioned<Ms>,
): Promise<CaptionsMade[]> {
  return Promise.all(
    captionTexts(words, language).map(async ({ format, ext, contentType, text, report }) => {
      const key = artifactKey({ artifact: 'captions', bucket, format, text });
      const made = await madeOnce(context, { key, bucket, artifact: 'captions', ext, contentType }, async (file) => {
        await writeFile(file, text);
        return {};
      });
      return { format, report, made };
    }),
  );
}

/** Whose captions they are: a transcript's or a clip's. */
type Owner = { readonly workspaceId: string; readonly language: string } & (
  | { readonly transcriptId: string }
  | { readonly clipId: string }
);

/** Writes the rows of caption files in the stage's commit, in place of older ones in the same language and flavour. */
export async function saveCaptionFiles(tx: Tx, owner: Owner, files: readonly CaptionsMade[]): Promise<void> {
  for (const { made, format, report } of files) {
    await saveCaptionFile(tx, owner, { format, report, artifactId: await rowOf(tx, made) });
  }
}

/** Writes the row of one caption file whose bytes have theirs. */
async function saveCaptionFile(
  tx: Tx,
  owner: Owner,
  file: Pick<CaptionsMade, 'format' | 'report'> & { readonly artifactId: string },
): Promise<void> {
  const { language } = owner;
  const { format, report, artifactId } = file;
  await tx.captionFile.upsert({
    where:
      'clipId' in owner
        ? { clipId_language_format: { clipId: owner.clipId, language, format } }
        : { transcriptId_language_format: { transcriptId: owner.transcriptId, language, format } },
    create: { ...owner, format, report, artifactId },
    update: { report, artifactId },
    select: { id: true },
  });
}
