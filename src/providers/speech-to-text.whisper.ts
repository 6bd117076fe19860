import path from 'node:path';
import type { Log } from '#base/log.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { hearInChunks } from './chunked-speech.ts';
import { languageTag, primaryOf } from './language-tag.ts';
import type { SpeechToText } from './speech-to-text.ts';
import { openRecogniser, type Recogniser } from './whisper/recogniser.ts';
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
export function whisperSpeechToText(options: WhisperTranscriber): SpeechToText {
  const { ffmpeg, log, modelName, chunkMs: maxMs = 600_000 } = options;
  const model = path.basename(modelName);
  const version = `whisper:${model}:1`;
  return {
    version,
    async transcribe(source, hearing) {
      await using ear = lazyRecogniser(options, hearing.signal);
      const work = {
        ...hearing,
        model: `whisper:${model}`,
        version,
        ffmpeg,
        log,
        format: 'wav',
        maxMs,
        parallel: 1,
      } as const;
      const wanted = languageFor(modelName, source.language);
      const { language, ...joined } = await hearInChunks(source, work, async (listening) => {
        const recogniser = await ear.opened();
        const { pieces, language } = await recogniser.listen(listening.file, { ...listening, language: wanted });
        return { language: languageTag(language), words: wordsOfPieces(pieces), turns: [], inventedWords: 0 };
      });
      return { provider: 'whisper', model, language: source.language ?? language, wordTiming: 'MEASURED', ...joined };
    },
  };
}

/** Opens at the first chunk that was not heard before: a model takes seconds to load, and gigabytes. */
function lazyRecogniser({ engine, model, patienceMs = 600_000 }: WhisperTranscriber, signal: AbortSignal) {
  const stack = new AsyncDisposableStack();
  const open = async () => stack.use(await openRecogniser({ engine, model: await model(signal), signal, patienceMs }));
  let recogniser: Promise<Recogniser> | undefined;
  return {
    opened: () => (recogniser ??= open()),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A model named `.en` knows nothing else; the others find the language when none is wanted. */
const languageFor = (modelName: string, language: string | null): string =>
  /\.en\b/.test(path.basename(modelName)) ? 'en' : language === null ? 'auto' : primaryOf(language);
