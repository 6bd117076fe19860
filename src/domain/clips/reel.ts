import type { StageWork } from '#work/stage.ts';
import { layOutReel } from './lay-out.ts';
import { render } from './render.ts';

/** Encodes the run's highlights as one video. */
export const reel: StageWork = { stage: 'reel', work: render, fanOut: layOutReel };
