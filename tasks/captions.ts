import { remakeCaptions } from '#domain/clips/remake-captions.ts';
import { captionsChore } from '#domain/transcripts/caption-order.ts';
import type { Chore } from '#work/chore.ts';

/** The caption files of a transcript that was edited and of its clips. */
export const captions: Chore = { name: captionsChore, run: remakeCaptions };
