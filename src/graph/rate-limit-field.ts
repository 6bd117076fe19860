import { builder } from './builder.ts';
import type { Budget } from './rate-limits.ts';

const RateLimit = builder.objectRef<Budget>('RateLimit').implement({
  description: 'Requests of the caller in the current window.',
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'How many there may be in a window.' }),
    remaining: t.exposeInt('remaining', { description: 'How many are left, after this one.' }),
    used: t.exposeInt('used', { description: 'How many there were, this one included.' }),
    cost: t.int({ description: 'How many this request took, whatever it asks for.', resolve: () => 1 }),
    resetAt: t.expose('resetAt', { type: 'DateTime', description: 'When the window ends and all are there again.' }),
  }),
});

builder.queryField('rateLimit', (t) =>
  t.field({
    type: RateLimit,
    nullable: true,
    description:
      'Budget of the caller; reading it takes no more than the request it stands in. Null where none is kept.',
    resolve: (_root, _args, { budget }) => budget ?? null,
  }),
);
