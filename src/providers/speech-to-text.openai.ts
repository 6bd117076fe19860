import { openAsBlob } from 'node:fs';
import path from 'node:path';
import OpenAI from 'openai';
import type { Log } from '#base/log.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { hearInChunks } from './chunked-speech.ts';
import { turnsFrom } from './diarized-answer.ts';
import type { Heard } from './heard.ts';
import { primaryOf } from './language-tag.ts';
import { type CallPolicy, outsideCall } from './outside-call.ts';
import type { SpeechToText, Transcription } from './speech-to-text.ts';
import { traced } from './traced.ts';
import { heardFrom } from './verbose-answer.ts';

export interface OpenaiTranscriber {
  readonly apiKey: string;
  /** A compatible server; OpenAI's own by default. */
  readonly baseURL?: string | undefined;
  /** Answers verbose_json with word times, or, when its name has `diarize` in it, diarized_json with speakers. */
  readonly model: string;
  readonly ffmpeg: Ffmpeg;
  readonly log: Log;
  readonly wait?: CallPolicy['wait'];
  /** Longest chunk in milliseconds; by default what fits the model. */
  readonly chunkMs?: number;
}

/** How a kind of model is asked, and what its chunks are like. */
interface Way {
  readonly asks:
    | { readonly response_format: 'verbose_json'; readonly timestamp_granularities: ('word' | 'segment')[] }
    | { readonly response_format: 'diarized_json'; readonly chunking_strategy: 'auto' };
  readonly read: (answer: unknown) => Heard;
  readonly wordTiming: Transcription['wordTiming'];
  readonly maxMs: number;
  readonly sharedMs: number;
}

const timesWords: Way = {
  asks: { response_format: 'verbose_json', timestamp_granularities: ['word', 'segment'] },
  read: heardFrom,
  wordTiming: 'MEASURED',
  // As FLAC 10 MB, where services end at 25 MB.
  maxMs: 600_000,
  sharedMs: 0,
};

/**
 * Each chunk names its voices anew, so there are few, and half a minute is heard twice to know the voices again. At
 * most 25 MB and, as users report, 1400 s: a noisy quarter of an hour as FLAC has 22 MB.
 */
const tellsVoices: Way = {
  asks: { response_format: 'diarized_json', chunking_strategy: 'auto' },
  read: turnsFrom,
  wordTiming: 'ESTIMATED',
  maxMs: 900_000,
  sharedMs: 30_000,
};

const wayOf = (model: string): Way => (/diarize/i.test(model) ? tellsVoices : timesWords);

const parallel = 4;
/** Ten minutes of speech take a service 20 to 90 s; a call that takes longer is stuck. */
const timeoutMs = 240_000;

/**
 * Transcribes with OpenAI or any compatible server: chunks without long silences, word times measured by the service or,
 * of a model that tells speakers apart, estimated inside its turns. Throws MEDIA_NO_AUDIO, MEDIA_NO_SPEECH,
 * PROVIDER_UNAVAILABLE, PROVIDER_REJECTED, PROVIDER_BAD_ANSWER.
 */
export function openaiSpeechToText(options: OpenaiTranscriber): SpeechToText {
  const { apiKey, baseURL, model, ffmpeg, log, wait } = options;
  const { asks, read, wordTiming, sharedMs, ...way } = wayOf(model);
  const maxMs = options.chunkMs ?? way.maxMs;
  const client = new OpenAI({ apiKey, maxRetries: 0, ...(baseURL !== undefined && { baseURL }) });
  const version = `openai:${new URL(client.baseURL).host}:${model}:1`;
  return {
    version,
    async transcribe(source, hearing) {
      const work = { ...hearing, model, version, ffmpeg, log, format: 'flac', maxMs, sharedMs, parallel } as const;
      const { language, ...joined } = await hearInChunks(source, work, ({ file, signal }) => {
        const policy = { provider: 'openai', signal, timeoutMs, attempts: 3, log, ...(wait && { wait }) };
        return outsideCall(policy, async (attempt) => {
          const spoken = source.language === null ? {} : isoCodeOf(source.language);
          return read(await ask(client, { ...asks, ...spoken, file, model, signal: attempt }));
        });
      });
      return { provider: 'openai', model, language: source.language ?? language, wordTiming, ...joined };
    },
  };
}

type Request = Way['asks'] & {
  readonly file: string;
  readonly model: string;
  readonly language?: string;
  readonly signal: AbortSignal;
};

/** The file goes as a Blob over the disk: a ReadStream cannot be sent twice, a Buffer holds 10 MB for minutes. */
async function ask(client: OpenAI, { file, signal, ...asked }: Request): Promise<unknown> {
  const sound = new File([await openAsBlob(file)], path.basename(file), { type: 'audio/flac' });
  const headers = traced('x-client-request-id');
  return client.audio.transcriptions.create({ ...asked, file: sound }, { signal, headers, timeout: 2 * timeoutMs });
}

/** Services know two-letter codes; any other language they find by themselves. */
function isoCodeOf(language: string): { language?: string } {
  const code = primaryOf(language);
  return code.length === 2 ? { language: code } : {};
}
