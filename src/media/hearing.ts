import type { Output } from './ffmpeg-job.ts';
import { loudnessFrom, quickMeter } from './loudness.ts';
import { sampleRate, samplesTo } from './pcm.ts';
import { frameMs, levelMeter } from './sound-levels.ts';
import { type Silence, silencesOf } from './speech-activity.ts';
import { peakMeter, waveformFile } from './waveform.ts';

/** What the sound of a recording tells. */
interface Heard {
  readonly silences: Silence[];
  /** LUFS; null when nothing is above -70 LUFS. */
  readonly integratedLoudness: number | null;
  /** The file that draws it. */
  readonly waveform: Uint8Array;
  readonly decodedMs: number;
}

/** A reading of the sound: its outputs in ffmpeg's call, and what was heard once that has ended. */
export interface Hearing {
  readonly outputs: readonly Output[];
  heard(stderrTail: readonly string[]): Heard;
}

/** Sound that starts late or has holes keeps its place: what is missing comes as silence. */
const voice = `aresample=${sampleRate}:async=1:first_pts=0`;
/** Sent in pieces of 32 KiB: packet by packet an hour of sound takes 155,000 writes, and we wake up for each. */
const together = ['-flush_packets', '0'];
const decoding = ['-c:a', 'pcm_s16le', '-ac', '1', '-ar', `${sampleRate}`, '-f', 's16le', ...together];

export function hearing(): Hearing {
  const [levels, peaks] = [levelMeter(), peakMeter()];
  const onOutput = samplesTo((samples) => {
    levels.push(samples);
    peaks.push(samples);
  });
  return {
    outputs: [
      { file: 'pipe', options: ['-map', '0:a:0', '-filter:a', voice, ...decoding], onOutput },
      { file: 'null', options: ['-map', '0:a:0', '-filter:a', quickMeter] },
    ],
    heard: (stderrTail) => ({
      silences: silencesOf(levels),
      integratedLoudness: loudnessFrom(stderrTail)?.integrated ?? null,
      waveform: waveformFile(peaks.peaks()),
      decodedMs: levels.plain.length * frameMs,
    }),
  };
}
