import type { Ffmpeg } from './ffmpeg.ts';
import type { Job } from './ffmpeg-job.ts';

/** A picture shrunk to this still tells black from a dark slide with some words on it. */
const thumbnail = { width: 32, height: 18 };
const pixels = thumbnail.width * thumbnail.height;

/** Filters that make thumbnails of a picture, one byte for each pixel. */
const thumbnails = `scale=${thumbnail.width}:${thumbnail.height},format=gray`;

/** Luma that nobody sees: black is 16. */
const darkest = 32;
/** So few brighter pixels are noise. */
const bright = 0.01;

type Watched = Pick<Job, 'inputs' | 'graphFile' | 'signal'> & {
  /** Chains that end in `[watched]`. */
  readonly graph: string;
};

/** Share of the frames of `[watched]` that show nothing, 0 to 1; 0 where there are none. */
export async function blackShare(ffmpeg: Ffmpeg, { graph, ...reading }: Watched): Promise<number> {
  const chunks: Buffer[] = [];
  await ffmpeg.run({
    ...reading,
    expectedMs: 0,
    kind: 'light',
    filterGraph: `${graph};[watched]${thumbnails}[thumbnails]`,
    outputs: [
      {
        file: 'pipe',
        options: ['-map', '[thumbnails]', '-vsync', '0', '-c:v', 'rawvideo', '-f', 'rawvideo'],
        onOutput: (chunk) => chunks.push(chunk),
      },
    ],
  });
  const bytes = Buffer.concat(chunks);
  const count = Math.floor(bytes.length / pixels);
  const frames = Array.from({ length: count }, (_, at) => bytes.subarray(at * pixels, (at + 1) * pixels));
  return count === 0 ? 0 : frames.filter(isBlack).length / count;
}

const isBlack = (frame: Buffer): boolean => frame.filter((luma) => luma > darkest).length <= bright * pixels;
