import { exportChore, makeExport } from '#domain/exports/make-export.ts';
import type { Chore } from '#work/chore.ts';

export const exportData: Chore = { name: exportChore, run: makeExport };
