import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Span, sourceMs } from '#base/time.ts';
import type { Size } from '#media/crop-plan.ts';
import { keyFrameWatch } from '#media/key-frames.ts';
import { type FoundRegion, findLayout } from '#media/layout.ts';

const execute = promisify(execFile);

/** The talk that sheets are drawn from. */
export const sampleTalk = 'samples/talk.mp4';
const small: Size = { width: 320, height: 180 };
/** Its key frames are so far apart. */
const keyFrameMs = 4_000;

/** What ingest finds in the sample talk after a filter: its layout, and where its picture changes. */
export async function sampleLayout(
  filter: string,
  picture: Size,
): Promise<{ readonly layout: FoundRegion[]; readonly changes: Span[] }> {
  const graph = `${filter},scale=${small.width}:${small.height}:flags=area,format=yuv420p`;
  const keyFrames = ['-v', 'error', '-skip_frame', 'nokey', '-i', sampleTalk, '-vf', graph, '-vsync', '0'];
  const { stdout } = await execute('ffmpeg', [...keyFrames, '-f', 'rawvideo', '-'], {
    encoding: 'buffer',
    maxBuffer: 32 * 1024 ** 2,
  });
  const watch = keyFrameWatch(small);
  const bytes = small.width * small.height * 1.5;
  const count = stdout.length / bytes;
  for (let at = 0; at < count; at++)
    watch.see({ atMs: sourceMs(at * keyFrameMs), pixels: stdout.subarray(at * bytes, (at + 1) * bytes) });
  const { sample, scenesMs, beforeScenesMs } = watch.seen(count * keyFrameMs);
  return {
    layout: findLayout({ frames: sample, picture, durationMs: count * keyFrameMs }),
    changes: scenesMs.map((endMs, at) => ({ startMs: beforeScenesMs[at] ?? endMs, endMs })),
  };
}
