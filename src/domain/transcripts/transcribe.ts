import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { sourceMs } from '#base/time.ts';
import { recordingOf } from '#domain/uploads/recording.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import { probe } from '#media/probe.ts';
import type { SpeechSource, Transcription } from '#providers/speech-to-text.ts';
import { type Sentence, sentences } from '#timeline/sentences.ts';
import { requireSpeakable } from '#timeline/speakable.ts';
import { charge } from '#usage/ledger.ts';
import { artifactKey } from '#work/artifacts.ts';
import { causeOf } from '#work/charge-stage.ts';
import type { StageContext, StageWork } from '#work/stage.ts';
import { captionFiles } from './caption-files.ts';
import { saveTranscript } from './save-transcript.ts';

/** Makes the recording's transcript: sentences with their words, and the caption files of the whole. */
export const transcribe: StageWork = {
  stage: 'transcribe',

  async work(context) {
    const { worker, run, signal } = context;
    const recording = await recordingOf(worker.database.prisma, run.uploadId);
    const sidecar = await sidecarOf(context);
    const { language, fresh } = run.recipe;
    const { version } = worker.speechToText;
    const key = transcribeKey({ source: recording.sha256, version, language, sidecar, fresh });
    const asked = { uploadId: run.uploadId, key, fresh };
    const known = await knownTranscript(worker.database.prisma, asked);
    if (known) return async () => [{ type: 'Transcript', id: known.id }];

    await context.reserve();
    await using source = await worker.sources.open(recording.stored, signal);
    const { textTracks } = await probe(worker.ffmpeg, source.at, source.signal);
    const transcription = await worker.speechToText.transcribe(
      {
        file: source.at,
        sha256: recording.sha256,
        durationMs: sourceMs(recording.facts.durationMs),
        hasAudio: recording.facts.audio !== null,
        textTracks,
        sidecar,
        silences: recording.silences,
        language,
        folder: context.folder.path,
      },
      { signal: source.signal, calls: context.calls, onProgress: (fraction) => context.progress(fraction * 0.95) },
    );
    const said = sentencesOf(transcription);
    const { language: spoken } = transcription;
    const words = said.flatMap((sentence) => sentence.words);
    requireSpeakable(words);
    const captions = await captionFiles(context, { words, language: spoken, bucket: 'transcripts' });
    return async (tx) => {
      await takeTurn(tx, run.uploadId);
      const meanwhile = await knownTranscript(tx, asked);
      if (meanwhile) return [{ type: 'Transcript', id: meanwhile.id }];
      const id = await saveTranscript(tx, run, { key, transcription, sentences: said, captions });
      // Recognisers are charged by their calls; captions are only counted.
      if (context.calls.used().length === 0) {
        const heard = { key: `heard:${context.stageRunId}`, unit: 'AUDIO_MS', outputId: id } as const;
        await charge(tx, causeOf(context), [{ ...heard, quantity: recording.facts.durationMs }]);
      }
      return [{ type: 'Transcript', id }];
    };
  },
};

/** Everything that decides a transcript. A run that was to ask again has a key of its own, which begins with the usual one. */
export function transcribeKey({
  fresh,
  ...decides
}: {
  /** sha256 of the recording. */
  source: string;
  /** Of the speech-to-text. */
  version: string;
  language: string | null;
  sidecar: SpeechSource['sidecar'];
  fresh: string | null;
}): string {
  const key = artifactKey({ stage: 'transcribe', ...decides });
  return fresh === null ? key : `${key}.${fresh}`;
}

/**
 * The upload's transcript under a key. What was asked for again stands in place of what was there, so it counts too; and
 * what somebody corrected counts under every key, unless this run asks again: no other may replace corrections.
 */
export const knownTranscript = (
  prisma: Tx,
  { uploadId, key, fresh }: { uploadId: string; key: string; fresh: string | null },
): Promise<{ id: string } | null> => {
  const same = { artifactKey: { startsWith: key } };
  const corrected = { isTranslation: false, edits: { some: {} } };
  return prisma.transcript.findFirst({
    where: { uploadId, OR: fresh === null ? [same, corrected] : [same] },
    select: { id: true },
  });
};

async function sidecarOf({ worker, run }: StageContext): Promise<SpeechSource['sidecar']> {
  return worker.database.prisma.captionSidecar.findUnique({
    where: { uploadId: run.uploadId },
    select: { format: true, language: true, text: true },
  });
}

function sentencesOf(transcription: Transcription): Sentence[] {
  const said = sentences(transcription.segments);
  if (said.length === 0) throw new Problem('MEDIA_NO_SPEECH');
  return said;
}
