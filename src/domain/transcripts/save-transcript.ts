import type { Tx } from '#base/database.ts';
import type { LockedRun } from '#pipeline/change-run.ts';
import type { Transcription } from '#providers/speech-to-text.ts';
import type { Sentence } from '#timeline/sentences.ts';
import { type CaptionsMade, saveCaptionFiles } from './caption-files.ts';
import { columnOf } from './words.ts';

/** A finished transcript before its rows. */
interface NewTranscript {
  readonly key: string;
  readonly transcription: Transcription;
  readonly sentences: readonly Sentence[];
  readonly captions: readonly CaptionsMade[];
}

/** Writes a transcript with its sentences, speakers and caption files, in place of an older one in the same language. */
export async function saveTranscript(tx: Tx, run: LockedRun, made: NewTranscript): Promise<string> {
  const { workspaceId, uploadId } = run;
  const { language, wordTiming, provider, inventedWords } = made.transcription;
  const facts = {
    wordCount: made.sentences.reduce((sum, sentence) => sum + sentence.words.length, 0),
    wordTiming,
    provider,
    inventedWords,
    artifactKey: made.key,
  };
  const { id } = await tx.transcript.upsert({
    where: { uploadId_language: { uploadId, language } },
    create: { workspaceId, uploadId, language, ...facts },
    update: { ...facts, revision: { increment: 1 } },
    select: { id: true },
  });
  const owner = { workspaceId, transcriptId: id };
  await tx.transcriptSegment.deleteMany({ where: { transcriptId: id } });
  const speakers = await saveSpeakers(tx, owner, made.sentences);
  await tx.transcriptSegment.createMany({
    data: made.sentences.map(({ startMs, endMs, text, words, speaker }, position) => ({
      ...owner,
      position,
      startMs,
      endMs,
      text,
      words: columnOf(words),
      speakerId: speaker === undefined ? null : (speakers.get(speaker) ?? null),
    })),
  });
  await saveCaptionFiles(tx, { ...owner, language }, made.captions);
  return id;
}

async function saveSpeakers(
  tx: Tx,
  owner: { workspaceId: string; transcriptId: string },
  sentences: readonly Sentence[],
): Promise<Map<string, string>> {
  const labels = [...new Set(sentences.flatMap(({ speaker }) => speaker ?? []))];
  await tx.speaker.createMany({ data: labels.map((label) => ({ ...owner, label })), skipDuplicates: true });
  const rows = await tx.speaker.findMany({
    where: { transcriptId: owner.transcriptId },
    select: { id: true, label: true },
  });
  return new Map(rows.map((row) => [row.label, row.id]));
}
