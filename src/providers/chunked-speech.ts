import { rm } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import type { Log } from '#base/log.ts';
import { Problem, problemFrom } from '#base/problem.ts';
import { durationOf } from '#base/time.ts';
import { cutSpeech } from '#media/audio.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { type ChunkLimits, type SpeechChunk, speechChunks } from '#timeline/cuts.ts';
import { type Heard, heardColumn, heardIn } from './heard.ts';
import { type JoinedSpeech, joinedSpeech } from './joined-speech.ts';
import type { ModelCall } from './model-calls.ts';
import type { HearingOptions, SpeechSource } from './speech-to-text.ts';

/** One file to listen to, with its own share of the progress. */
export interface Listening {
  readonly file: string;
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

export interface ChunkedSpeech extends HearingOptions, ChunkLimits {
  /** Of the recogniser, as its vendor names it. */
  readonly model: string;
  /** Of the recogniser, with all that decides what it hears besides the sound and the language. */
  readonly version: string;
  readonly ffmpeg: Ffmpeg;
  readonly log: Log;
  readonly format: 'flac' | 'wav';
  /** Chunks at a time. */
  readonly parallel: number;
}

/** Grows when the same parts of a recording would be sent as another sound. */
const cuttingVersion = 1;

/**
 * Listens to a recording in chunks without its long silences and joins what was heard on the recording's timeline.
 * What nobody can have said is left out and counted in the log. A chunk that was heard before is neither cut nor sent.
 * Throws MEDIA_NO_AUDIO, MEDIA_NO_SPEECH and what `hear` throws.
 */
export async function hearInChunks(
  source: SpeechSource,
  work: ChunkedSpeech,
  hear: (listening: Listening) => Promise<Heard>,
): Promise<JoinedSpeech & { readonly language: string }> {
  if (!source.hasAudio) throw new Problem('MEDIA_NO_AUDIO');
  const chunks = speechChunks(source.silences, source.durationMs, work);
  const progress = progressOver(chunks, work.onProgress);
  const heard = await allOrNone(chunks, work, async (chunk, index, signal) => {
    const heard = await work.calls.answer(callOf(source, work, chunk), async () => {
      const file = path.join(source.folder, `chunk-${String(index).padStart(3, '0')}.${work.format}`);
      try {
        await cutSpeech(work.ffmpeg, { file: source.file, spans: chunk.source, out: file, signal });
        const answer = await hear({ file, signal, onProgress: (done) => progress(index, done) });
        return { answer: heardColumn(answer), consumed: { AUDIO_MS: lengthOf(chunk) } };
      } finally {
        // All chunks of a talk in FLAC are larger than the talk itself where that is compressed sound.
        await rm(file, { force: true });
      }
    });
    progress(index, 1);
    return { chunk, heard };
  });
  const joined = joinedSpeech(heard, source.silences);
  const facts = { chunks: chunks.length, inventedWords: joined.inventedWords };
  work.log.info(facts, 'joined what was heard');
  if (joined.segments.length === 0) throw new Problem('MEDIA_NO_SPEECH', facts);
  return { language: mainLanguage(heard.map((chunk) => chunk.heard)), ...joined };
}

const callOf = (source: SpeechSource, work: ChunkedSpeech, chunk: SpeechChunk): ModelCall<Heard> => ({
  purpose: 'transcription-chunk',
  model: work.model,
  version: work.version,
  input: {
    recording: source.sha256,
    spans: chunk.source,
    language: source.language,
    format: work.format,
    cuttingVersion,
  },
  read: heardIn,
});

const lengthOf = (chunk: SpeechChunk): number => chunk.source.reduce((sum, span) => sum + durationOf(span), 0);

type Reach = (index: number, fraction: number) => void;

/** Progress over all chunks by their lengths. It never falls, whatever order chunks end in and recognisers count in. */
function progressOver(chunks: readonly SpeechChunk[], onProgress: (fraction: number) => void): Reach {
  const lengths = chunks.map(lengthOf);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const reached = lengths.map(() => 0);
  return (index, fraction) => {
    reached[index] = Math.max(reached[index] ?? 0, Math.min(1, fraction));
    onProgress(reached.reduce((sum, part, at) => sum + part * (lengths[at] ?? 0), 0) / total);
  };
}

/**
 * All results, or the first failure once every sibling has ended: their files vanish right afterwards. After a failure
 * none begins. Those in flight are stopped only where no further attempt will follow: what they bring is paid for, and
 * the next attempt finds it.
 */
async function allOrNone<T, R>(
  items: readonly T[],
  { parallel, signal }: { readonly parallel: number; readonly signal: AbortSignal },
  body: (item: T, index: number, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const gate = pLimit(parallel);
  const failures: unknown[] = [];
  const hopeless = new AbortController();
  const either = AbortSignal.any([signal, hopeless.signal]);
  const work = items.map((item, index) =>
    gate(async () => {
      either.throwIfAborted();
      if (failures.length > 0) throw failures[0];
      try {
        return await body(item, index, either);
      } catch (thrown) {
        failures.push(thrown);
        if (!problemFrom(thrown).transient) hopeless.abort(thrown);
        throw thrown;
      }
    }),
  );
  const ends = await Promise.allSettled(work);
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
}

/** The language of most words: a short chunk of music may be taken for anything. */
function mainLanguage(heard: readonly Heard[]): string {
  const counts = new Map<string, number>();
  for (const { language, words } of heard) counts.set(language, (counts.get(language) ?? 0) + words.length);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'und';
}
