import { recordOf } from '#base/record.ts';
import type { UsageKind } from '#generated/prisma/enums.ts';
import { meters } from '#usage/meters.ts';
import { usageKinds } from '#usage/plans.ts';
import { builder } from './builder.ts';

/** What the graph shows of one meter, in its unit. */
export interface MeterShape {
  readonly kind: UsageKind;
  readonly used: number;
  readonly reserved: number;
  readonly limit: number | null;
}

const Kind = builder.enumType('UsageKind', {
  description: 'What is metered.',
  values: recordOf(usageKinds, (kind) => ({ description: meters[kind].about })),
});

export const UsageMeter = builder.objectRef<MeterShape>('UsageMeter').implement({
  description: 'One meter; `limit` is null when unlimited. `reserved` is held by uploads and runs still in flight.',
  fields: (t) => ({
    kind: t.expose('kind', { type: Kind, description: 'What is counted.' }),
    unit: t.string({ description: 'In what it is told.', resolve: ({ kind }) => meters[kind].unit }),
    used: t.exposeFloat('used', {
      description: 'Consumed by finished work, and by answers of models that no work came of.',
    }),
    reserved: t.exposeFloat('reserved', { description: 'What work in flight may still consume.' }),
    limit: t.exposeFloat('limit', { nullable: true, description: 'What the plan allows.' }),
  }),
});
