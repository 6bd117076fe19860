import { Problem } from '#base/problem.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import type { Job } from './ffmpeg-job.ts';
import { hearing } from './hearing.ts';
import type { MediaFacts } from './probe.ts';
import type { Silence } from './speech-activity.ts';
import { type Viewed, viewing } from './viewing.ts';

/** What one reading of the whole recording tells. A recording that cannot be decoded to its end never gets this far. */
export interface Analysis {
  readonly silences: Silence[];
  /** LUFS; null without audio or when nothing is above -70 LUFS. */
  readonly integratedLoudness: number | null;
  /** The file that draws its sound; null without audio. */
  readonly waveform: Uint8Array | null;
  /** Null without video. */
  readonly picture: Viewed | null;
  /**
   * Milliseconds of sound that were really there (of picture, without sound): better than the container's word where
   * that is an estimate (MP3, ADTS).
   */
  readonly decodedMs: number;
}

interface About {
  readonly facts: MediaFacts;
  /** Where the storyboard of a video goes, a `.jpg` file. */
  readonly storyboardFile: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Reads the whole recording once in one process: all of its sound, the key frames of its picture, and whether everything
 * the container promises is there (0.006 s of CPU per second of 1080p, a twentieth of decoding every frame). What it
 * holds in memory does not grow with the bytes: 3 MB per hour of numbers, and 14 MB of small pictures at most. Throws
 * MEDIA_CORRUPT for a truncated or undecodable file.
 */
export async function analyse(ffmpeg: Ffmpeg, file: string, about: About): Promise<Analysis> {
  const { facts, storyboardFile, ...options } = about;
  const { durationMs, container } = facts;
  const sound = facts.audio && hearing();
  const picture = facts.video && viewing({ container, picture: facts.video, durationMs, storyboardFile });
  const { stderrTail, reachedMs } = await decoded(ffmpeg, {
    inputs: [{ file, options: picture?.inputOptions ?? [] }],
    outputs: [...(sound?.outputs ?? []), ...(picture?.outputs ?? [])],
    expectedMs: durationMs,
    kind: 'light',
    ...options,
  });
  const heard = sound?.heard(stderrTail) ?? {
    silences: [],
    integratedLoudness: null,
    waveform: null,
    decodedMs: reachedMs,
  };
  checkWhole(Math.max(heard.decodedMs, reachedMs), facts);
  return { ...heard, picture: picture && picture.viewed() };
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
