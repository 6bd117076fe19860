import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Colours, coloursOf, toBt709 } from '#media/colours.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { ffmpegForTests } from '../support/media.ts';

const execute = promisify(execFile);

describe('the colours of a stream', () => {
  it.each<[string, Parameters<typeof coloursOf>[0], Colours]>([
    ['says them', { height: 1080, color_space: 'smpte170m' }, { matrix: 'BT601', transfer: 'SDR', fullRange: false }],
    ['is small and says nothing', { height: 576 }, { matrix: 'BT601', transfer: 'SDR', fullRange: false }],
    ['is large and says nothing', { height: 720 }, { matrix: 'BT709', transfer: 'SDR', fullRange: false }],
    ['is of a phone', { color_space: 'bt2020nc', color_transfer: 'arib-std-b67' }, hdr('HLG')],
    ['is of a camera', { color_space: 'bt2020nc', color_transfer: 'smpte2084', color_range: 'tv' }, hdr('PQ')],
    ['is of a webcam', { height: 1080, pix_fmt: 'yuvj420p' }, { matrix: 'BT709', transfer: 'SDR', fullRange: true }],
    ['is of a screen', { height: 1080, pix_fmt: 'gbrp' }, { matrix: 'RGB', transfer: 'SDR', fullRange: true }],
  ])('are known where it %s', (_what, said, known) => {
    expect(coloursOf(said)).toEqual(known);
  });
});

function hdr(transfer: 'PQ' | 'HLG'): Colours {
  return { matrix: 'BT2020', transfer, fullRange: false };
}

/** Levels of 10 bit, limited range, and what a usual screen then shows in 8 bit. */
describe('a picture brought to BT.709', () => {
  let ffmpeg: Ffmpeg;
  beforeAll(async () => {
    ffmpeg = await ffmpegForTests();
  });

  /** Level and both colours of a plain picture after the filters. */
  async function levels(picture: string, from: Colours): Promise<number[]> {
    const graph = `${picture}${toBt709(from)},format=yuv444p`;
    const options = ['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', graph, '-frames:v', '1', '-f', 'rawvideo', '-'];
    const { stdout } = await execute(ffmpeg.tools.ffmpeg, options, { encoding: 'buffer' });
    const size = stdout.length / 3;
    return [0, 1, 2].map((plane) => stdout[plane * size] ?? -1);
  }

  const plain = (format: string, level: number, [cb, cr]: [number, number]) =>
    `color=black:s=64x64:d=0.1,format=${format},geq=lum=${level}:cb=${cb}:cr=${cr}`;

  it.each([
    ['PQ', 573, 201],
    ['HLG', 721, 201],
    ['PQ', 64, 16],
    ['HLG', 64, 16],
    ['PQ', 723, 230],
  ] as const)('shows what %s writes as %d at level %d', async (transfer, written, shown) => {
    const [level = 0, cb, cr] = await levels(plain('yuv420p10le', written, [512, 512]), hdr(transfer));
    expect(Math.abs(level - shown)).toBeLessThanOrEqual(3);
    expect([cb, cr]).toEqual([128, 128]);
  });

  it('keeps the red of small pictures, of full range, and of screens', async () => {
    const red = [63, 102, 240];
    const small = await levels(plain('yuv420p', 81, [90, 240]), { matrix: 'BT601', transfer: 'SDR', fullRange: false });
    const full = await levels(plain('yuv444p', 76, [85, 255]), { matrix: 'BT601', transfer: 'SDR', fullRange: true });
    const screen = 'color=red:s=64x64:d=0.1,format=gbrp';
    const drawn = await levels(screen, { matrix: 'RGB', transfer: 'SDR', fullRange: true });
    for (const shown of [small, full, drawn]) {
      for (const [at, value] of shown.entries()) expect(Math.abs(value - (red[at] ?? 0))).toBeLessThanOrEqual(3);
    }
  });

  it('leaves alone what is there already', () => {
    expect(toBt709({ matrix: 'BT709', transfer: 'SDR', fullRange: false })).toBe('');
  });

  it('keeps a wide red as red as a usual screen can', async () => {
    const [, cb = 0, cr = 0] = await levels(plain('yuv420p10le', 287, [384, 960]), {
      matrix: 'BT2020',
      transfer: 'SDR',
      fullRange: false,
    });
    expect(cr).toBeGreaterThan(230);
    expect(cb).toBeLessThan(115);
  });
});
