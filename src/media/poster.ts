import { Problem } from '#base/problem.ts';
import { type SourceMs, sourceMs } from '#base/time.ts';
import { type Colours, jpegColours } from './colours.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import type { Job } from './ffmpeg-job.ts';

interface PosterOrder {
  readonly source: string;
  readonly atMs: SourceMs;
  /** Pixels; the height follows. */
  readonly width: number;
  /** Of the recording, where they are known. */
  readonly colours?: Colours | undefined;
  /** A `.jpg` file. */
  readonly out: string;
  readonly signal: AbortSignal;
}

/**
 * Takes one frame as JPEG: the one at `atMs`, or the first of the next five seconds that is not black (a fade-in); at
 * the very end of a recording one of its last second. Tells whether it shows anything: false where all of them are
 * black. Throws ENCODE_FAILED when there is no picture there.
 */
export async function poster(ffmpeg: Ffmpeg, order: PosterOrder): Promise<boolean> {
  for (const atMs of [order.atMs, order.atMs - 1000]) {
    const shows = await taken(ffmpeg, { ...order, atMs: sourceMs(Math.max(atMs, 0)) });
    if (shows !== null) return shows;
  }
  throw new Problem('ENCODE_FAILED', { reason: 'no picture', atMs: order.atMs });
}

async function taken(ffmpeg: Ffmpeg, order: PosterOrder): Promise<boolean | null> {
  const brightness = await brightnessFrom(ffmpeg, order);
  if (brightness.length === 0) return null;
  const index = firstVisible(brightness);
  const size = `scale=w=${order.width}:h='2*trunc(${order.width}/dar/2)',setsar=1`;
  const still = jpegColours(order.colours);
  await ffmpeg.run({
    ...reading(order),
    filterGraph: `${sampled},trim=start_frame=${index}:end_frame=${index + 1},${size}${still}[frame]`,
    outputs: [{ file: order.out, options: ['-map', '[frame]', '-frames:v', '1', '-c:v', 'mjpeg', '-q:v', '3'] }],
  });
  return isVisible(brightness[index] ?? 0);
}

/** A frame each half second, the last one shown by then; both calls count the same ones. */
const sampled = '[0:V:0]fps=2:start_time=0:round=up';
const thumbnail = { width: 32, height: 18 };

/** Mean brightness (0 to 255) of the sampled frames, from thumbnails of a few hundred bytes. */
async function brightnessFrom(ffmpeg: Ffmpeg, order: PosterOrder): Promise<number[]> {
  const chunks: Buffer[] = [];
  await ffmpeg.run({
    ...reading(order),
    filterGraph: `${sampled},scale=${thumbnail.width}:${thumbnail.height},format=gray[thumbnails]`,
    outputs: [
      {
        file: 'pipe',
        options: ['-map', '[thumbnails]', '-c:v', 'rawvideo', '-f', 'rawvideo'],
        onOutput: (chunk) => chunks.push(chunk),
      },
    ],
  });
  const bytes = Buffer.concat(chunks);
  const size = thumbnail.width * thumbnail.height;
  const count = Math.floor(bytes.length / size);
  return Array.from({ length: count }, (_, at) => mean(bytes.subarray(at * size, (at + 1) * size)));
}

const reading = (order: PosterOrder): Pick<Job, 'inputs' | 'expectedMs' | 'kind' | 'signal'> => ({
  inputs: [{ file: order.source, options: ['-ss', (order.atMs / 1000).toFixed(3), '-t', '5'] }],
  expectedMs: 0,
  kind: 'light',
  signal: order.signal,
});

const mean = (bytes: Buffer): number => bytes.reduce((sum, byte) => sum + byte, 0) / bytes.length;

const isVisible = (brightness: number): boolean => brightness > 32;

/** The first frame that shows something, else the brightest there is. */
function firstVisible(brightness: readonly number[]): number {
  const visible = brightness.findIndex(isVisible);
  return visible >= 0 ? visible : brightness.indexOf(Math.max(...brightness));
}
