import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { addChore } from '#work/chore.ts';

/** The queue's name for making the caption files of a transcript and of its clips again. */
export const captionsChore = 'captions';

/** What its job holds. */
export const captionOrder = z.object({ transcriptId: z.uuid() });

/** Has the caption files made again after this transaction; asked for twice while it waits it is done once. */
export const orderCaptions = (tx: Tx, transcriptId: string): Promise<void> =>
  addChore(tx, { name: captionsChore, payload: { transcriptId }, key: `${captionsChore}:${transcriptId}` });
