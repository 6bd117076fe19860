import type { ClipOrigin, RenditionPreset } from '#generated/client/graphql.ts';
import type { Downloadable } from './download.ts';
import type { Output } from './output.ts';
import { slugOf } from './safe-name.ts';

interface Clip {
  readonly title: string;
  readonly origin: ClipOrigin;
  readonly range: { readonly startMs: number };
  readonly poster?: Downloadable | null;
  readonly captions?: Downloadable | null;
  readonly renditions: readonly Rendition[];
}

interface Rendition {
  readonly preset: RenditionPreset;
  readonly media?: { readonly durationMs: number } | null;
  readonly file?: (Downloadable & { readonly contentType: string }) | null;
}

/** Saves clips in the order of the recording, each in all its shapes with poster and captions; the reel comes last. */
export async function saveClips(clips: readonly Clip[], output: Output): Promise<void> {
  for (const [name, clip] of named(clips)) {
    for (const { preset, file, media } of clip.renditions) {
      if (file) await output.save(file, `${name}-${shapeOf(preset)}.${endingOf(file)}`, media?.durationMs);
    }
    await output.save(clip.poster, `${name}.jpg`);
    await output.save(clip.captions, `${name}.vtt`);
  }
}

function named(clips: readonly Clip[]): (readonly [name: string, clip: Clip])[] {
  const inOrder = [...clips].sort((a, b) => a.range.startMs - b.range.startMs);
  const single = inOrder.filter((clip) => clip.origin !== 'REEL');
  const reels = inOrder.filter((clip) => clip.origin === 'REEL');
  return [
    ...single.map((clip, at) => [`clips/${String(at + 1).padStart(2, '0')}-${slugOf(clip.title)}`, clip] as const),
    ...reels.map((clip, at) => [at === 0 ? 'clips/reel' : `clips/reel-${at + 1}`, clip] as const),
  ];
}

const endingOf = ({ contentType }: { readonly contentType: string }): string =>
  contentType.startsWith('audio/') ? 'm4a' : 'mp4';

/** LANDSCAPE_720P and LANDSCAPE_1080P are never made in one run of the demo. */
const shapeOf = (preset: RenditionPreset): string => preset.replace(/_\w+$/, '').toLowerCase();
