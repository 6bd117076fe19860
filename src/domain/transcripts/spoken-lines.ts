import type { Tx } from '#base/database.ts';
import { type Span, sourceMs, type Word } from '#base/time.ts';
import type { TranscriptLine } from '#providers/language-model.ts';
import { wordsOf } from './words.ts';

/** What was said, as later stages read it: one numbered line for each sentence. */
export interface SpokenText {
  readonly transcriptId: string;
  readonly language: string;
  /** Changes whenever the text does: part of the key of everything made from it. */
  readonly version: string;
  readonly lines: readonly TranscriptLine[];
}

/** Which transcript holds what was said, and in which language; none of its text is read. */
export const spokenTranscript = (prisma: Tx, uploadId: string): Promise<{ id: string; language: string }> =>
  prisma.transcript.findFirstOrThrow({ ...newestSpoken(uploadId), select: { id: true, language: true } });

const newestSpoken = (uploadId: string) => ({
  where: { uploadId, isTranslation: false },
  orderBy: { createdAt: 'desc' as const },
});

/** The transcript in the spoken language, without its words. */
export async function spokenText(prisma: Tx, uploadId: string): Promise<SpokenText> {
  const transcript = await prisma.transcript.findFirstOrThrow({
    ...newestSpoken(uploadId),
    select: {
      id: true,
      language: true,
      artifactKey: true,
      revision: true,
      segments: {
        select: { id: true, startMs: true, endMs: true, text: true, speakerId: true },
        orderBy: { position: 'asc' },
      },
    },
  });
  return {
    transcriptId: transcript.id,
    language: transcript.language,
    version: `${transcript.artifactKey}:${transcript.revision}`,
    lines: transcript.segments.map(({ id, startMs, endMs, text, speakerId }, index) => ({
      id: index + 1,
      segmentId: id,
      startMs: sourceMs(startMs),
      endMs: sourceMs(endMs),
      text,
      ...(speakerId !== null && { speaker: speakerId }),
    })),
  };
}

/** The words of a transcript that overlap a span, or all of them; in order. */
export async function spokenWords(prisma: Tx, transcriptId: string, within?: Span<number>): Promise<Word[]> {
  const segments = await prisma.transcriptSegment.findMany({
    where: { transcriptId, ...(within && { startMs: { lt: within.endMs }, endMs: { gt: within.startMs } }) },
    orderBy: { position: 'asc' },
    select: { words: true },
  });
  const words = segments.flatMap((segment) => wordsOf(segment.words));
  return within ? words.filter((word) => word.startMs < within.endMs && word.endMs > within.startMs) : words;
}
