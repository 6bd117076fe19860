import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { findLayout } from '#media/layout.ts';
import { ffmpegForTests } from '../support/media.ts';

const execute = promisify(execFile);
const talk = path.resolve('samples/talk.mp4');
const small = { width: 320, height: 180 };

/** Layout of the sample talk after a filter: 38 key frames, 4 s apart, slides with a presenter who is drawn. */
async function layoutAfter(filter: string) {
  const { tools } = await ffmpegForTests();
  const graph = `${filter},scale=${small.width}:${small.height}:flags=area,format=gray`;
  const { stdout } = await execute(
    tools.ffmpeg,
    ['-v', 'error', '-skip_frame', 'nokey', '-i', talk, '-vf', graph, '-vsync', '0', '-f', 'rawvideo', '-'],
    { encoding: 'buffer', maxBuffer: 16 * 1024 ** 2 },
  );
  const size = small.width * small.height;
  const pictures = Array.from({ length: stdout.length / size }, (_, at) => stdout.subarray(at * size, (at + 1) * size));
  const timesMs = pictures.map((_, at) => sourceMs(at * 4_000));
  const picture = { width: 1280, height: 720 };
  return findLayout({ frames: { ...small, pictures, timesMs }, picture, durationMs: pictures.length * 4_000 });
}

describe('findLayout of a real recording', () => {
  it('finds the presenter beside the slides, and the close-up at the end', async () => {
    const layout = await layoutAfter('null');
    expect(layout.map(({ kind }) => kind)).toEqual(['SLIDES', 'CAMERA', 'FULL_CAMERA']);
    const [slides, camera, closeUp] = layout;
    // As scripts/sample places it: 386 × 468 at (830, 120), with round corners.
    expect(Math.abs((camera?.x ?? 0) - 830)).toBeLessThanOrEqual(8);
    expect(Math.abs((camera?.y ?? 0) - 120)).toBeLessThanOrEqual(8);
    expect(Math.abs((camera?.width ?? 0) - 386)).toBeLessThanOrEqual(16);
    expect(Math.abs((camera?.height ?? 0) - 468)).toBeLessThanOrEqual(16);
    expect(slides).toMatchObject({ x: 0, y: 0, height: 720, startMs: 0, endMs: closeUp?.startMs });
    expect((slides?.x ?? 0) + (slides?.width ?? 0)).toBeLessThanOrEqual(840);
    expect(closeUp).toMatchObject({ x: 0, y: 0, width: 1280, height: 720, startMs: 136_000 });
  });

  it('knows the same presenter when the camera fills the picture', async () => {
    const layout = await layoutAfter('crop=386:217:830:190');
    expect(layout).toMatchObject([{ kind: 'FULL_CAMERA', x: 0, y: 0, width: 1280, height: 720 }]);
  });

  it('knows the slides alone, until the close-up', async () => {
    const layout = await layoutAfter('crop=800:450:10:120');
    expect(layout.map(({ kind }) => kind)).toEqual(['SLIDES', 'FULL_CAMERA']);
  });
});
