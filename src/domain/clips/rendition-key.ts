import type { Span } from '#base/time.ts';
import { artifactKey } from '#work/artifacts.ts';
import { burnedCaptions, type Captioned } from './burned-captions.ts';

/** Bump when the same order would give other bytes. */
const renderVersion = 2;

/** Everything of a clip that decides the bytes of one of its renditions. */
export interface Rendered extends Captioned {
  readonly recording: { readonly sha256: string };
  readonly cuts: readonly Span[];
}

/** The key of a rendition's bytes; `ffmpeg` is the version of the encoder with its threads. */
export function renditionKey(rendered: Rendered, ffmpeg: string): string {
  const { recording, cuts, preset } = rendered;
  const captions = burnedCaptions(rendered);
  return artifactKey({
    artifact: 'rendition',
    renderVersion,
    source: recording.sha256,
    cuts,
    preset,
    captions,
    ffmpeg,
  });
}
