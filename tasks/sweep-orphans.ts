import type { Chore } from '#pipeline/chore.ts';
import { sweep } from '#retention/sweep.ts';

export const sweepOrphans: Chore = {
  name: 'sweep-orphans',
  cron: '17 * * * *',
  run: async (worker, _payload, signal) => {
    await sweep(worker, { classes: ['orphans'], signal });
  },
};
