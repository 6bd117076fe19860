import type { StageWork } from '#work/stage.ts';
import { layOutClips } from './lay-out.ts';
import { render } from './render.ts';

/** Encodes one clip of a highlight in one shape. */
export const cut: StageWork = { stage: 'cut', work: render, fanOut: layOutClips };
