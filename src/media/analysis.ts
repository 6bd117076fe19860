import { Problem } from '#base/problem.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import type { Job } from './ffmpeg-job.ts';
import { loudnessFrom, quickMeter } from './loudness.ts';
import type { MediaFacts } from './probe.ts';
import { frameMs, levelMeter, type Silence, silencesOf } from './speech-activity.ts';

/** What one reading of the whole recording tells. A recording that cannot be decoded to its end never gets this far. */
export interface Analysis {
  readonly silences: Silence[];
  /** LUFS; null without audio or when nothing is above -70 LUFS. */
  readonly integratedLoudness: number | null;
  /**
   * Milliseconds of sound that were really there (of picture, without sound): better than the container's word where
   * that is an estimate (MP3, ADTS).
   */
  readonly decodedMs: number;
}

interface Options {
  readonly signal: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Reads the whole recording once in one process: pauses, loudness, and whether everything the container promises is
 * there (about 0.003 s of CPU per second of media). Throws MEDIA_CORRUPT for a truncated or undecodable file.
 */
export async function analyse(ffmpeg: Ffmpeg, file: string, about: { facts: MediaFacts } & Options): Promise<Analysis> {
  const { facts, ...options } = about;
  const job = { inputs: [{ file }], expectedMs: facts.durationMs, kind: 'light', ...options } as const;
  const { analysis, reachedMs } = facts.audio ? await listen(ffmpeg, job, facts) : await watch(ffmpeg, job);
  checkWhole(Math.max(analysis.decodedMs, reachedMs), facts);
  return analysis;
}

interface Reading {
  readonly analysis: Analysis;
  /** How far the stream that goes furthest goes. */
  readonly reachedMs: number;
}

type Reader = Pick<Job, 'inputs' | 'expectedMs' | 'kind' | 'signal' | 'onProgress'>;

const graph = [
  '[0:a:0]asplit=2[voice][all]',
  '[voice]aresample=16000:async=1:first_pts=0,aformat=sample_fmts=s16:sample_rates=16000:channel_layouts=mono[pcm]',
  `[all]${quickMeter}[metered]`,
].join(';');

async function listen(ffmpeg: Ffmpeg, job: Reader, facts: MediaFacts): Promise<Reading> {
  const levels = levelMeter();
  const { stderrTail, reachedMs } = await decoded(ffmpeg, {
    ...job,
    filterGraph: graph,
    outputs: [
      { file: 'pipe', options: ['-map', '[pcm]', '-c:a', 'pcm_s16le', '-f', 's16le'] },
      { file: 'null', options: ['-map', '[metered]'] },
      ...(facts.video ? [walked] : []),
    ],
    onOutput: (chunk) => levels.push(chunk),
  });
  const integratedLoudness = loudnessFrom(stderrTail)?.integrated ?? null;
  const decodedMs = levels.plain.length * frameMs;
  return { analysis: { silences: silencesOf(levels), integratedLoudness, decodedMs }, reachedMs };
}

/** The picture's packets are read and not decoded: enough to see where they end. */
const walked = { file: 'null', options: ['-map', '0:V:0', '-c', 'copy'] } as const;

/** Key frames only: a twentieth of the cost of all frames, and enough to see that there is a picture. */
async function watch(ffmpeg: Ffmpeg, job: Reader): Promise<Reading> {
  const { reachedMs } = await decoded(ffmpeg, {
    ...job,
    inputs: job.inputs.map((input) => ({ ...input, options: ['-skip_frame', 'nokey'] })),
    outputs: [{ file: 'null', options: ['-map', '0:V:0', '-vsync', '0'] }, walked],
  });
  return { analysis: { silences: [], integratedLoudness: null, decodedMs: reachedMs }, reachedMs };
}

async function decoded(ffmpeg: Ffmpeg, job: Job): ReturnType<Ffmpeg['run']> {
  try {
    return await ffmpeg.run(job);
  } catch (error) {
    if (error instanceof Problem && error.code === 'ENCODE_FAILED')
      throw new Problem('MEDIA_CORRUPT', error.facts, error);
    throw error;
  }
}

/** Containers without a length of their own: ffprobe guesses it from the bit rate. */
const estimated = new Set(['mp3', 'aac']);

/**
 * A file cut short still opens: ffmpeg reads what is there and ends well, some versions without a word. A container's
 * length is that of its longest stream, so one of them must get there; sound alone may rightly end before its picture.
 * A second or 2 % may be missing (encoder padding, a last half frame).
 */
function checkWhole(reachedMs: number, { durationMs, container }: MediaFacts): void {
  const tolerated = Math.max(1000, durationMs * 0.02);
  if (reachedMs > 0 && (estimated.has(container) || durationMs - reachedMs <= tolerated)) return;
  throw new Problem('MEDIA_CORRUPT', { reachedMs, durationMs });
}
