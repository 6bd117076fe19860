import type { Colours } from './colours.ts';
import type { Output } from './ffmpeg-job.ts';
import { type KeyFrames, keyFrameWatch } from './key-frames.ts';
import { framesTo } from './matroska-frames.ts';
import { type PictureSize, sizeWithin } from './picture-size.ts';
import { type StoryboardLayout, storyboardLayout, storyboardPlan, tiled } from './storyboard.ts';

/** What the picture of a recording tells. */
export interface Viewed extends KeyFrames {
  /** How the tiles of the storyboard's file lie; null when no key frame could be decoded. */
  readonly storyboard: StoryboardLayout | null;
}

/** A reading of the picture: options of its input and its outputs in ffmpeg's call, what was seen once that has ended. */
export interface Viewing {
  readonly inputOptions: readonly string[];
  readonly outputs: readonly Output[];
  viewed(): Viewed;
}

interface Wanted {
  readonly container: string;
  readonly picture: PictureSize & { readonly colours?: Colours | undefined };
  readonly durationMs: number;
  /** Where the storyboard goes, a `.jpg` file. */
  readonly storyboardFile: string;
}

/** Longer side of the small pictures. */
const smallSide = 320;

/**
 * Milliseconds, from the recording's start; of a recording that has nothing but key frames two a second. A picture before
 * the start is decoded for those behind it and never shown.
 */
const apart = `settb=1/1000,select='gte(pts,0)*(isnan(prev_selected_pts)+gte(pts-prev_selected_pts,500))'`;
const undelayed = ['-map', '0:V:0', '-vsync', '0', '-enc_time_base', '1:1000'];

/** A twentieth of the cost of all frames, or less. */
const onlyKeyFrames = ['-skip_frame:v', 'nokey'];

/**
 * AVI does not say when a picture is shown. Where some come after later ones, a decoder of key frames alone gives each of
 * them the time of the next one, in DivX up to twelve seconds later: of an AVI every frame is decoded.
 */
const decodesAll = (container: string): boolean => container === 'avi';

export function viewing({ container, picture, durationMs, storyboardFile }: Wanted): Viewing {
  const all = decodesAll(container);
  const picked = all ? `select=key,${apart}` : apart;
  const size = sizeWithin(smallSide, picture);
  const plan = storyboardPlan(picture, durationMs);
  const watch = keyFrameWatch(size);
  const onOutput = framesTo((frame) => watch.see(frame));
  const small = `${picked},scale=${size.width}:${size.height}:flags=area,setsar=1,format=yuv420p`;
  const raw = ['-c:v', 'rawvideo', '-avoid_negative_ts', 'disabled', '-f', 'matroska'];
  const jpeg = ['-frames:v', '1', '-c:v', 'mjpeg', '-q:v', '4'];
  return {
    inputOptions: all ? [] : onlyKeyFrames,
    outputs: [
      { file: 'pipe', options: [...undelayed, '-filter:v', small, ...raw], onOutput },
      {
        file: storyboardFile,
        options: [...undelayed, '-filter:v', `${picked},${tiled(plan, picture.colours)}`, ...jpeg],
      },
      packets,
    ],
    viewed() {
      const seen = watch.seen(durationMs);
      return { ...seen, storyboard: storyboardLayout(plan, seen.timesMs) };
    },
  };
}

/** All packets are read and not decoded: enough to see where the picture ends. */
const packets = { file: 'null', options: ['-map', '0:V:0', '-c', 'copy'] } as const;
