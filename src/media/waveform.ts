import { numberList } from './number-list.ts';
import { sampleRate } from './pcm.ts';

/** How long each pair of peaks lasts, in milliseconds. */
export const peakMs = 50;
const samplesPerPeak = (sampleRate * peakMs) / 1000;

/** Takes 16 kHz mono samples in pieces of any size and keeps the lowest and the highest of each 50 ms. */
export interface PeakMeter {
  push(samples: Int16Array): void;
  /** What was heard, -128 to 127: lowest, highest, lowest, … A last piece that is shorter counts as well. */
  peaks(): Int8Array;
}

export function peakMeter(): PeakMeter {
  const peaks = numberList((length) => new Int8Array(length));
  const open = { samples: 0, lowest: 0, highest: 0 };
  const close = () => {
    peaks.push(open.lowest >> 8);
    peaks.push(open.highest >> 8);
    open.samples = 0;
  };
  return {
    push(samples) {
      for (let from = 0; from < samples.length; ) {
        const to = Math.min(samples.length, from + samplesPerPeak - open.samples);
        widen(open, samples.subarray(from, to));
        from = to;
        if (open.samples === samplesPerPeak) close();
      }
    },
    peaks() {
      if (open.samples > 0) close();
      return peaks.all;
    },
  };
}

function widen(open: { samples: number; lowest: number; highest: number }, samples: Int16Array): void {
  let lowest = open.samples > 0 ? open.lowest : 32_767;
  let highest = open.samples > 0 ? open.highest : -32_768;
  for (let at = 0; at < samples.length; at++) {
    const sample = samples[at] ?? 0;
    if (sample < lowest) lowest = sample;
    if (sample > highest) highest = sample;
  }
  Object.assign(open, { samples: open.samples + samples.length, lowest, highest });
}

const headerBytes = 24;
const eightBit = 1;

/**
 * Peaks as the file that waveform players draw without a detour (the binary format of audiowaveform, version 2): six
 * numbers of 32 bit, low byte first (version, flags, samples a second, samples a pair, pairs, channels), then the pairs,
 * a byte each. An hour takes 144 kB; as JSON it would be four times that.
 */
export function waveformFile(peaks: Int8Array): Uint8Array {
  const file = new Uint8Array(headerBytes + peaks.length);
  const header = new DataView(file.buffer);
  const numbers = [2, eightBit, sampleRate, samplesPerPeak, peaks.length / 2, 1];
  for (const [at, number] of numbers.entries()) header.setUint32(4 * at, number, true);
  file.set(new Uint8Array(peaks.buffer, peaks.byteOffset, peaks.length), headerBytes);
  return file;
}

/** The pairs of such a file, as they were written. */
export const peaksIn = (file: Uint8Array): Int8Array =>
  Int8Array.from(file.subarray(headerBytes), (byte) => (byte << 24) >> 24);
