import type { Span } from '#base/time.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { inputOf, reachesOf, totalOf } from './reach.ts';
import { soundGraph } from './sound-graph.ts';

interface Speech {
  readonly file: string;
  /** What to keep, in order. */
  readonly spans: readonly Span[];
  /** `.flac` for services (half the bytes, no encoder delay), `.wav` for whisper. */
  readonly out: string;
  readonly signal: AbortSignal;
}

/**
 * Writes the given spans of a recording's sound, joined exact to the sample, as 16 kHz mono 16 bit: what recognisers
 * take. FLAC must be told 16 bit, or it becomes 24 and larger than WAV. Throws ENCODE_FAILED, INVALID_INPUT.
 */
export async function cutSpeech(ffmpeg: Ffmpeg, { file, spans, out, signal }: Speech): Promise<void> {
  const reaches = reachesOf(spans);
  const graph = soundGraph(reaches, { sampleRate: 16_000, layout: 'mono', fadeMs: 0 });
  const codec = out.endsWith('.wav') ? 'pcm_s16le' : 'flac';
  await ffmpeg.run({
    inputs: reaches.map((reach) => inputOf(file, reach)),
    filterGraph: `${graph};[sound]aformat=sample_fmts=s16[speech]`,
    outputs: [
      { file: out, options: ['-map', '[speech]', '-c:a', codec, '-map_metadata', '-1', '-fflags', '+bitexact'] },
    ],
    expectedMs: totalOf(spans),
    kind: 'light',
    signal,
  });
}
