import { exportChore, makeExport } from '#domain/exports/make-export.ts';
import type { Chore } from '#pipeline/chore.ts';

export const exportData: Chore = { name: exportChore, run: makeExport };
