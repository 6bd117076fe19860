import { Problem } from '#base/problem.ts';
import { hasCaptions } from './speech-to-text.captions.ts';
import type { SpeechToText, Transcription } from './speech-to-text.ts';

/** What `auto` may choose from; null where it is not configured or not installed. */
export interface Transcribers {
  readonly captions: SpeechToText;
  readonly openai: SpeechToText | null;
  readonly whisper: SpeechToText | null;
}

/**
 * Captions where there are any (exact and free), else the configured service, else the local recogniser. Throws
 * MEDIA_NO_AUDIO when there is nothing to hear, TRANSCRIBER_NOT_CONFIGURED when there is nobody to listen.
 */
export function autoSpeechToText({ captions, openai, whisper }: Transcribers): SpeechToText {
  const recogniser = openai ?? whisper;
  return {
    version: `auto(${[captions, recogniser].flatMap((one) => one?.version ?? []).join(',')})`,
    async transcribe(source, options) {
      const written = hasCaptions(source) ? await readOrNull(captions.transcribe(source, options)) : null;
      if (written !== null) return written;
      if (!source.hasAudio) throw new Problem('MEDIA_NO_AUDIO');
      if (recogniser === null) throw new Problem('TRANSCRIBER_NOT_CONFIGURED');
      return recogniser.transcribe(source, options);
    },
  };
}

/** Tracks may turn out to be empty; then the recording is listened to. */
async function readOrNull(reading: Promise<Transcription>): Promise<Transcription | null> {
  try {
    return await reading;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'TRANSCRIBER_NOT_CONFIGURED') return null;
    throw thrown;
  }
}
