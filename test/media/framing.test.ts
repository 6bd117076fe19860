import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Span, sourceMs } from '#base/time.ts';
import type { CropPlan, Size } from '#media/crop-plan.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { framed } from '#media/framing.ts';
import { ffmpegForTests } from '../support/media.ts';

const execute = promisify(execFile);

let ffmpeg: Ffmpeg;
beforeAll(async () => {
  ffmpeg = await ffmpegForTests();
});

const rate = { above: 10, below: 1 };
const frames = {
  landscape: { width: 384, height: 216 },
  square: { width: 216, height: 216 },
  portrait: { width: 216, height: 384 },
};
/** Light says where a point of the picture is: black at its left edge, white at its right one. */
const slope = (size: Size) => `geq=lum='16+219*X/${size.width}':cb=128:cr=128`;
const wide: Size = { width: 320, height: 180 };

interface Case {
  readonly plan: CropPlan;
  readonly frame: Size;
  readonly stored?: Size;
  readonly shown?: Size;
  readonly cuts?: readonly Span[];
  /** Filters between the made picture and the framing. */
  readonly around?: string;
  readonly count?: number;
}

interface Made {
  readonly stored: Size;
  readonly count: number;
  readonly around: string | undefined;
  /** From `[joined]` to `[done]`. */
  readonly chain: string;
}

/** What a chain makes of a made picture, as gray. */
async function gray({ stored, count, around, chain }: Made): Promise<Buffer> {
  const made = `color=c=black:s=${stored.width}x${stored.height}:r=10:d=${count / 10},format=yuv420p,${slope(stored)}`;
  const graph = `[0:v]${around ? `${around},` : ''}setpts=N[joined];${chain};[done]format=gray[gray]`;
  const ends = ['-map', '[gray]', '-vsync', '0', '-f', 'rawvideo', '-'];
  const { stdout } = await execute(
    ffmpeg.tools.ffmpeg,
    [...'-v error -f lavfi -i'.split(' '), made, '-filter_complex', graph, ...ends],
    { encoding: 'buffer', maxBuffer: 64 * 1024 ** 2 },
  );
  return stdout;
}

/** Pictures that come out of a plan. */
async function pictures({ plan, frame, stored = wide, shown = stored, cuts = [], around, count = 2 }: Case) {
  const chain = framed({ plan, frame, picture: shown, rate, cuts, input: 'joined', output: 'done', lift: 0.4 });
  const bytes = await gray({ stored, count, around, chain });
  const size = frame.width * frame.height;
  expect(bytes.length).toBe(count * size);
  return Array.from({ length: count }, (_, at) => ({
    /** Which column of the source is seen at a point of the frame, both as shares of their widths. */
    at: (x: number, y: number) => {
      const [column, row] = [Math.floor(x * (frame.width - 1)), Math.floor(y * (frame.height - 1))];
      return (bytes[at * size + row * frame.width + column] ?? 0) / 255;
    },
  }));
}

const cut = (start: number, end: number): Span => ({ startMs: sourceMs(start), endMs: sourceMs(end) });
const key = (atMs: number, x: number, jump = false) => ({ atMs: sourceMs(atMs), x, cut: jump });

describe('framed', () => {
  const plans: readonly CropPlan[] = [
    { kind: 'FIT' },
    { kind: 'FIT', within: { x: 40, y: 30, width: 200, height: 100 } },
    { kind: 'CENTRE' },
    { kind: 'CENTRE', within: { x: 41, y: 31, width: 201, height: 101 } },
    { kind: 'TRACK', keys: [key(0, 0), key(150, 320), key(180, 10, true)] },
    { kind: 'STACK', upper: { x: 0, y: 0, width: 320, height: 180 }, lower: { x: 221, y: 121, width: 99, height: 59 } },
  ];
  interface Source {
    readonly name: string;
    readonly stored: Size;
    readonly shown: Size;
    readonly around?: string;
  }
  const sources: readonly Source[] = [
    { name: 'wide', stored: wide, shown: wide },
    { name: 'odd', stored: { width: 321, height: 181 }, shown: { width: 321, height: 181 } },
    { name: 'upright', stored: { width: 240, height: 320 }, shown: { width: 240, height: 320 } },
    { name: 'of wide pixels', stored: { width: 240, height: 180 }, shown: wide, around: 'setsar=4/3' },
    { name: 'lying on its side', stored: { width: 180, height: 320 }, shown: wide, around: 'transpose=1' },
  ];
  it.each(sources)(
    'fills every frame by every plan from a picture that is $name',
    async ({ stored, shown, around }) => {
      for (const frame of Object.values(frames)) {
        const chains = plans.map((plan, at) =>
          framed({
            plan,
            frame,
            picture: shown,
            rate,
            cuts: [cut(0, 200)],
            input: `in${at}`,
            output: `out${at}`,
            lift: 0.4,
          }),
        );
        const copies = plans.map((__, at) => `[in${at}]`).join('');
        const stack = `${plans.map((__, at) => `[out${at}]`).join('')}vstack=inputs=${plans.length}[done]`;
        const joined = `[joined]split=${plans.length}${copies};${chains.join(';')};${stack}`;
        const bytes = await gray({ stored, count: 2, around, chain: joined });
        expect(bytes.length).toBe(2 * plans.length * frame.width * frame.height);
      }
    },
  );

  it('shows all of the picture when it fits, and dims its copy behind it', async () => {
    const [first] = await pictures({ plan: { kind: 'FIT' }, frame: frames.portrait });
    const middle = 0.4 + 0.1;
    expect(first?.at(0, middle)).toBeCloseTo(0, 1);
    expect(first?.at(1, middle)).toBeCloseTo(1, 1);
    expect(first?.at(1, 0)).toBeLessThan(0.5);
  });

  it('shows the middle at its own proportions, also where pixels are not square', async () => {
    const anamorphic = { stored: { width: 240, height: 180 }, shown: wide, around: 'setsar=4/3' };
    for (const source of [{}, anamorphic]) {
      const [first] = await pictures({ plan: { kind: 'CENTRE' }, frame: frames.portrait, ...source });
      const half = (180 * 9) / 16 / 320 / 2;
      expect(first?.at(0, 0.5)).toBeCloseTo(0.5 - half, 1);
      expect(first?.at(0.5, 0.5)).toBeCloseTo(0.5, 1);
      expect(first?.at(1, 0.5)).toBeCloseTo(0.5 + half, 1);
    }
  });

  it('moves straight from key to key, jumps where it is told to, and holds before the first and after the last', async () => {
    const keys = [key(1000, 96), key(2000, 224), key(2500, 64, true)];
    const plan: CropPlan = { kind: 'TRACK', keys };
    const shownFrames = await pictures({ plan, frame: frames.portrait, cuts: [cut(500, 3500)], count: 30 });
    const middles = shownFrames.map((picture) => picture.at(0.5, 0.5) * 320);
    const wanted = [
      [0, 96],
      [4, 96],
      [10, 160],
      [15, 224],
      [19, 224],
      [20, 64],
      [29, 64],
    ] as const;
    for (const [at, x] of wanted) expect(Math.abs((middles[at] ?? 0) - x)).toBeLessThan(5);
  });

  it('jumps along with the recording where something was cut out', async () => {
    const plan: CropPlan = { kind: 'TRACK', keys: [key(0, 60), key(4000, 260)] };
    const shownFrames = await pictures({
      plan,
      frame: frames.portrait,
      cuts: [cut(0, 1000), cut(3000, 4000)],
      count: 20,
    });
    const middles = shownFrames.map((picture) => picture.at(0.5, 0.5) * 320);
    for (const [at, x] of [
      [0, 60],
      [9, 105],
      [10, 210],
      [19, 255],
    ] as const) {
      expect(Math.abs((middles[at] ?? 0) - x)).toBeLessThan(5);
    }
  });

  it('never leaves the picture, however far aside it is told to look', async () => {
    const plan: CropPlan = { kind: 'TRACK', keys: [key(0, 0), key(100, 320, true)] };
    const [left, right] = await pictures({ plan, frame: frames.portrait, cuts: [cut(0, 200)] });
    expect(left?.at(0, 0.5)).toBeCloseTo(0, 1);
    expect(right?.at(1, 0.5)).toBeCloseTo(1, 1);
  });

  it('follows a thousand keys', async () => {
    const keys = Array.from({ length: 1000 }, (_, at) => key(at * 3, 60 + Math.floor(at / 5)));
    const cuts = [cut(0, 3000)];
    const shownFrames = await pictures({ plan: { kind: 'TRACK', keys }, frame: frames.portrait, cuts, count: 30 });
    for (const [at, picture] of shownFrames.entries()) {
      const wanted = 60 + (at * 20) / 3;
      expect(Math.abs(picture.at(0.5, 0.5) * 320 - wanted)).toBeLessThan(6);
    }
  });

  it('stacks the slides whole above the camera', async () => {
    const upper = { x: 0, y: 0, width: 320, height: 180 };
    const lower = { x: 240, y: 135, width: 80, height: 45 };
    const [first] = await pictures({ plan: { kind: 'STACK', upper, lower }, frame: frames.portrait });
    expect(first?.at(0, 0.2)).toBeCloseTo(0, 1);
    expect(first?.at(1, 0.2)).toBeCloseTo(1, 1);
    expect(first?.at(0, 0.6)).toBeCloseTo((240 + 16) / 320, 1);
    expect(first?.at(1, 0.6)).toBeCloseTo((320 - 16) / 320, 1);
  });
});
