import { sweep } from '#retention/sweep.ts';
import type { Chore } from '#work/chore.ts';

export const sweepOrphans: Chore = {
  name: 'sweep-orphans',
  cron: '17 * * * *',
  run: async (worker, _payload, signal) => {
    await sweep(worker, { classes: ['orphans'], signal });
  },
};
