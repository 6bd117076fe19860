import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peakMeter, waveformFile } from '#media/waveform.ts';

const samplesPerPeak = 800;
const samples = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 40 });

/** Each value for 100 samples: long enough for several pairs. */
const sound = (values: readonly number[]): Int16Array =>
  Int16Array.from({ length: values.length * 100 }, (_, at) => values[Math.floor(at / 100)] ?? 0);

describe('peakMeter', () => {
  it('keeps the lowest and highest of each 50 ms, also of a last shorter piece, however the sound is cut', () => {
    fc.assert(
      fc.property(samples, fc.array(fc.nat(4000), { maxLength: 5 }), (values, cuts) => {
        const heard = sound(values);
        const meter = peakMeter();
        const edges = [0, ...cuts.filter((cut) => cut < heard.length).sort((a, b) => a - b), heard.length];
        for (const [at, edge] of edges.slice(1).entries()) meter.push(heard.subarray(edges[at], edge));
        const pairs = Array.from({ length: Math.ceil(heard.length / samplesPerPeak) }, (_, at) => {
          const piece = heard.subarray(at * samplesPerPeak, (at + 1) * samplesPerPeak);
          return [Math.floor(Math.min(...piece) / 256), Math.floor(Math.max(...piece) / 256)];
        });
        expect([...meter.peaks()]).toEqual(pairs.flat());
      }),
    );
  });
});

describe('waveformFile', () => {
  it('is an audiowaveform file of version 2: 8 bit, one channel, 800 samples of 16 kHz a pair', () => {
    const file = waveformFile(Int8Array.of(-128, 127, -3, 4));
    const header = new DataView(file.buffer);
    expect([0, 4, 8, 12, 16, 20].map((at) => header.getUint32(at, true))).toEqual([2, 1, 16_000, 800, 2, 1]);
    expect([...new Int8Array(file.buffer, 24)]).toEqual([-128, 127, -3, 4]);
  });
});
