import { deliver as run } from '#domain/webhooks/deliver.ts';
import { deliverChore } from '#pipeline/activity.ts';
import type { Chore } from '#work/chore.ts';

export const deliver: Chore = { name: deliverChore, apart: true, run };
