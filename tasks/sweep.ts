import { sweep as sweepAway, sweptClasses } from '#retention/sweep.ts';
import type { Chore } from '#work/chore.ts';

/** Every ten minutes, all but the stored objects: those take a walk through the whole storage. */
export const sweep: Chore = {
  name: 'sweep',
  cron: '*/10 * * * *',
  run: async (worker, _payload, signal) => {
    await sweepAway(worker, { classes: sweptClasses.filter((name) => name !== 'orphans'), signal });
  },
};
