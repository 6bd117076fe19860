import type { Span } from '#base/time.ts';
import { levelVersion } from '#media/level.ts';
import { presets } from '#media/presets.ts';
import { artifactKey } from '#work/artifacts.ts';
import { burnedCaptions, type Captioned } from './burned-captions.ts';
import type { Planning } from './crop-plan.ts';
import { renditionPlan } from './rendition-plan.ts';

/** Bump when the same order would give other bytes. */
const renderVersion = 4;

/** Everything of a clip that decides the bytes of one of its renditions. */
export interface Rendered extends Captioned, Planning {
  readonly recording: Planning['recording'] & { readonly sha256: string };
  /** Which cuts come in over the one before. */
  readonly fadesIn: ReadonlySet<number>;
  /** Marks in its video. */
  readonly chapters: readonly (Span<number> & { readonly title: string })[];
}

/** The key of a rendition's bytes; `ffmpeg` is the version of the encoder with its threads. */
export function renditionKey(rendered: Rendered, ffmpeg: string): string {
  const { recording, cuts, preset, fadesIn, chapters } = rendered;
  return artifactKey({
    artifact: 'rendition',
    renderVersion,
    levelVersion,
    ffmpeg,
    source: recording.sha256,
    preset,
    cuts,
    fadesIn: [...fadesIn],
    chapters: presets[preset].frame && chapters,
    plan: renditionPlan(rendered, preset),
    captions: burnedCaptions(rendered)?.ass ?? null,
  });
}
