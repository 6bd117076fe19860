import type { Chore } from '#pipeline/chore.ts';
import { erase as eraseBytes, eraseChore } from '#retention/erase.ts';

export const erase: Chore = { name: eraseChore, run: (worker, payload) => eraseBytes(worker, payload) };
