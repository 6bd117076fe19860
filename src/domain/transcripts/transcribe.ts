import { Problem } from '#base/problem.ts';
import { sourceMs } from '#base/time.ts';
import { recordingOf } from '#domain/uploads/recording.ts';
import { probe } from '#media/probe.ts';
import { artifactKey } from '#pipeline/artifacts.ts';
import type { StageContext, StageWork } from '#pipeline/stage.ts';
import type { SpeechSource, Transcription } from '#providers/speech-to-text.ts';
import { type Sentence, sentences } from '#timeline/sentences.ts';
import { captionFiles } from './caption-files.ts';
import { saveTranscript } from './save-transcript.ts';

/** Makes the recording's transcript: sentences with their words, and the caption files of the whole. */
export const transcribe: StageWork = {
  stage: 'transcribe',

  async work(context) {
    const { worker, run, signal } = context;
    const recording = await recordingOf(worker.database.prisma, run.uploadId);
    const sidecar = await sidecarOf(context);
    const key = artifactKey({
      stage: 'transcribe',
      source: recording.sha256,
      language: run.recipe.language,
      provider: worker.speechToText.version,
      sidecar,
    });
    const known = await worker.database.prisma.transcript.findFirst({
      where: { uploadId: run.uploadId, artifactKey: key },
      select: { id: true },
    });
    if (known) return async () => [{ type: 'Transcript', id: known.id }];

    await using source = await worker.sources.hold({ bucket: 'uploads', key: recording.storageKey }, signal);
    const { textTracks } = await probe(worker.ffmpeg, source.path, signal);
    const transcription = await worker.speechToText.transcribe(
      {
        file: source.path,
        durationMs: sourceMs(recording.facts.durationMs),
        hasAudio: recording.facts.audio !== null,
        textTracks,
        sidecar,
        silences: recording.silences,
        language: run.recipe.language,
        folder: context.folder.path,
      },
      { signal, onProgress: (fraction) => context.progress(fraction * 0.95) },
    );
    const said = sentencesOf(transcription);
    const captions = await captionFiles(context, said);
    return async (tx) => {
      const id = await saveTranscript(tx, run, { key, transcription, sentences: said, captions });
      return [{ type: 'Transcript', id }];
    };
  },
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
