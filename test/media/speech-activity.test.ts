import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationOf } from '#base/time.ts';
import { frameMs, levelMeter } from '#media/sound-levels.ts';
import { silencesOf } from '#media/speech-activity.ts';

/** 16 kHz samples of stretches of noise, each with its level in dBFS. */
function noise(stretches: readonly { ms: number; db: number }[]): Int16Array {
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 1_073_741_823.5 - 1;
  };
  const samples = stretches.flatMap(({ ms, db }) =>
    Array.from({ length: ms * 16 }, () => Math.round(32_767 * Math.sqrt(3) * 10 ** (db / 20) * random())),
  );
  return Int16Array.from(samples, (sample) => Math.max(-32_768, Math.min(32_767, sample)));
}

function levelsOf(samples: Int16Array) {
  const meter = levelMeter();
  meter.push(samples);
  return meter;
}

const talk = (room: number) =>
  Array.from({ length: 6 }, (_, at) => (at % 2 === 0 ? { ms: 1800, db: -25 } : { ms: 600, db: room }));

describe('silencesOf', () => {
  it.each([-80, -60, -45, -38])('finds the same pauses in a room of %i dB', (room) => {
    const silences = silencesOf(levelsOf(noise(talk(room))));
    expect(silences).toHaveLength(3);
    for (const [at, { startMs, endMs }] of silences.entries()) {
      expect(Math.abs(startMs - (1800 + at * 2400))).toBeLessThanOrEqual(frameMs);
      expect(Math.abs(endMs - (2400 + at * 2400))).toBeLessThanOrEqual(frameMs);
    }
    for (const { meanDb } of silences) expect(Math.abs(meanDb - room)).toBeLessThan(1);
  });

  it('finds quiet rooms beside digital silence', () => {
    const silences = silencesOf(levelsOf(noise([{ ms: 1000, db: -150 }, ...talk(-50)])));
    expect(silences.map(({ startMs }) => startMs)).toEqual([0, 2800, 5200, 7600]);
  });

  it('takes a recording of nothing for one silence, and steady loud noise for none', () => {
    expect(silencesOf(levelsOf(noise([{ ms: 2000, db: -150 }])))).toMatchObject([{ startMs: 0, endMs: 2000 }]);
    expect(silencesOf(levelsOf(noise([{ ms: 2000, db: -70 }])))).toMatchObject([{ startMs: 0, endMs: 2000 }]);
    expect(silencesOf(levelsOf(noise([{ ms: 2000, db: -20 }])))).toEqual([]);
  });

  it('gives ordered, separate, long enough stretches of whole frames for any levels', () => {
    const level = fc.double({ min: -100, max: 0, noNaN: true });
    fc.assert(
      fc.property(fc.array(level, { maxLength: 400 }), fc.integer({ min: 20, max: 1000 }), (voice, shortestMs) => {
        const silences = silencesOf({ voice, plain: voice }, shortestMs);
        let reached = 0;
        for (const silence of silences) {
          expect(silence.startMs).toBeGreaterThanOrEqual(reached);
          expect(durationOf(silence)).toBeGreaterThanOrEqual(shortestMs);
          expect(durationOf(silence) % frameMs).toBe(0);
          reached = silence.endMs + frameMs;
        }
        expect(reached).toBeLessThanOrEqual(voice.length * frameMs + frameMs);
      }),
    );
  });
});

describe('levelMeter', () => {
  it('measures the same however the samples are cut into pieces', () => {
    const samples = noise(talk(-50));
    const whole = levelsOf(samples);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: samples.length }), { maxLength: 20 }), (cuts) => {
        const meter = levelMeter();
        const edges = [0, ...cuts.sort((a, b) => a - b), samples.length];
        for (const [at, edge] of edges.slice(1).entries()) meter.push(samples.subarray(edges[at], edge));
        expect(meter.voice).toEqual(whole.voice);
      }),
      { numRuns: 20 },
    );
  });
});
