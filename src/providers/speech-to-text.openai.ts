import { openAsBlob } from 'node:fs';
import path from 'node:path';
import OpenAI from 'openai';
import type { Log } from '#base/log.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { hearInChunks, type Listening } from './chunked-speech.ts';
import type { Heard } from './heard.ts';
import { primaryOf } from './language-tag.ts';
import { type CallPolicy, outsideCall } from './outside-call.ts';
import type { SpeechToText } from './speech-to-text.ts';
import { heardFrom } from './verbose-answer.ts';

export interface OpenaiTranscriber {
  readonly apiKey: string;
  /** A compatible server; OpenAI's own by default. */
  readonly baseURL?: string | undefined;
  /** Must answer verbose_json with word times: of OpenAI's own models only whisper-1 does. */
  readonly model: string;
  readonly ffmpeg: Ffmpeg;
  readonly log: Log;
  readonly wait?: CallPolicy['wait'];
  /** Longest chunk in milliseconds, ten minutes by default: as FLAC 10 MB, where services end at 25 MB or 1400 s. */
  readonly chunkMs?: number;
}

const parallel = 4;
/** Ten minutes of speech take a service 20 to 90 s; a call that takes longer is stuck. */
const timeoutMs = 240_000;

/**
 * Transcribes with OpenAI or any compatible server: chunks without long silences, word times measured by the service.
 * Throws MEDIA_NO_AUDIO, MEDIA_NO_SPEECH, PROVIDER_UNAVAILABLE, PROVIDER_REJECTED, PROVIDER_BAD_ANSWER.
 */
export function openaiSpeechToText(options: OpenaiTranscriber): SpeechToText {
  const { apiKey, baseURL, model, ffmpeg, log, wait, chunkMs: maxMs = 600_000 } = options;
  const client = new OpenAI({ apiKey, maxRetries: 0, ...(baseURL !== undefined && { baseURL }) });
  const version = `openai:${new URL(client.baseURL).host}:${model}:1`;
  return {
    version,
    async transcribe(source, hearing) {
      const work = { ...hearing, model, version, ffmpeg, log, format: 'flac', maxMs, parallel } as const;
      const { language, segments } = await hearInChunks(source, work, (listening) => {
        const policy = {
          provider: 'openai',
          signal: listening.signal,
          timeoutMs,
          attempts: 3,
          log,
          ...(wait && { wait }),
        };
        return outsideCall(policy, (attempt) =>
          hear(client, { ...listening, signal: attempt, model, language: source.language }),
        );
      });
      return { provider: 'openai', model, language: source.language ?? language, wordTiming: 'MEASURED', segments };
    },
  };
}

interface Request extends Listening {
  readonly model: string;
  readonly language: string | null;
}

/** The file goes as a Blob over the disk: a ReadStream cannot be sent twice, a Buffer holds 10 MB for minutes. */
async function hear(client: OpenAI, { file, signal, model, language }: Request): Promise<Heard> {
  const answer: unknown = await client.audio.transcriptions.create(
    {
      file: new File([await openAsBlob(file)], path.basename(file), { type: 'audio/flac' }),
      model,
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
      ...(language !== null && isoCodeOf(language)),
    },
    { signal, timeout: 2 * timeoutMs },
  );
  return heardFrom(answer);
}

/** Services know two-letter codes; any other language they find by themselves. */
function isoCodeOf(language: string): { language?: string } {
  const code = primaryOf(language);
  return code.length === 2 ? { language: code } : {};
}
