import path from 'node:path';
import type { Log } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { hearInChunks } from './chunked-speech.ts';
import { languageTag, primaryOf } from './language-tag.ts';
import type { SpeechToText } from './speech-to-text.ts';
import { openRecogniser } from './whisper/recogniser.ts';
import { wordsOfPieces } from './whisper/words.ts';

export interface WhisperTranscriber {
  /** File of the engine's module, as `findWhisper` gives it. */
  readonly engine: string;
  /** Name of the model, such as `base` or `tiny.en`, or the file's name. */
  readonly modelName: string;
  /** Path of the model's file; may fetch it. Asked once per transcription. */
  readonly model: (signal: AbortSignal) => Promise<string>;
  readonly ffmpeg: Ffmpeg;
  readonly log: Log;
  /** Longest silence of the engine, in milliseconds: by default ten minutes, enough for `small` on one slow core. */
  readonly patienceMs?: number;
  /** Longest chunk in milliseconds; ten minutes by default. */
  readonly chunkMs?: number;
}

/**
 * Transcribes on this machine with whisper.cpp in a child process that is killed on abort, one chunk after the other.
 * Throws MEDIA_NO_AUDIO, MEDIA_NO_SPEECH, PROVIDER_UNAVAILABLE (the child died), PROVIDER_REJECTED (a model that cannot
 * be loaded), TIMED_OUT (the child hangs) and what `model` throws.
 */
export const whisperSpeechToText = (options: WhisperTranscriber): SpeechToText => ({
  version: `whisper:${path.basename(options.modelName)}:1`,
  async transcribe(source, { signal, onProgress }) {
    if (!source.hasAudio) throw new Problem('MEDIA_NO_AUDIO');
    const { engine, ffmpeg, log, modelName, patienceMs = 600_000, chunkMs: maxMs = 600_000 } = options;
    const model = await options.model(signal);
    await using recogniser = await openRecogniser({ engine, model, signal, patienceMs });
    const work = { ffmpeg, log, format: 'wav', maxMs, parallel: 1, signal, onProgress } as const;
    const wanted = languageFor(modelName, source.language);
    const { language, segments } = await hearInChunks(source, work, async (listening) => {
      const { pieces, language } = await recogniser.listen(listening.file, { ...listening, language: wanted });
      return { language: languageTag(language), words: wordsOfPieces(pieces) };
    });
    const said = source.language ?? language;
    return { provider: 'whisper', model: path.basename(modelName), language: said, wordTiming: 'MEASURED', segments };
  },
});

/** A model named `.en` knows nothing else; the others find the language when none is wanted. */
const languageFor = (modelName: string, language: string | null): string =>
  /\.en\b/.test(path.basename(modelName)) ? 'en' : language === null ? 'auto' : primaryOf(language);
