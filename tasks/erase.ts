import { erase as eraseBytes, eraseChore } from '#retention/erase.ts';
import type { Chore } from '#work/chore.ts';

export const erase: Chore = { name: eraseChore, run: (worker, payload) => eraseBytes(worker, payload) };
