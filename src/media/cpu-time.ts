import type { Ffmpeg } from './ffmpeg.ts';

/** ffmpeg whose CPU time is added up. */
export interface CountedFfmpeg {
  readonly ffmpeg: Ffmpeg;
  /** CPU time of all calls since this was last asked, in milliseconds. */
  taken(): number;
}

/** Counts from now on; calls that fail are not counted. */
export function counted(ffmpeg: Ffmpeg): CountedFfmpeg {
  let cpuMs = 0;
  return {
    ffmpeg: {
      ...ffmpeg,
      run: async (job) => {
        const ran = await ffmpeg.run(job);
        cpuMs += ran.cpuMs;
        return ran;
      },
    },
    taken() {
      const taken = cpuMs;
      cpuMs = 0;
      return taken;
    },
  };
}

/** Whole parts of `total` in the ratio of `weights`; together they are `total`. */
export function divided(total: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  let given = 0;
  return weights.map((weight) => {
    before += weight;
    const until = whole === 0 ? 0 : Math.round((total * before) / whole);
    const part = until - given;
    given = until;
    return part;
  });
}
