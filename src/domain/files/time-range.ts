import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { builder } from '#graph/builder.ts';

/** A span as the graph shows it. */
export interface RangeShape {
  readonly startMs: number;
  readonly endMs: number;
}

export const TimeRange = builder.objectRef<RangeShape>('TimeRange').implement({
  description: 'A span of the media timeline, end excluded.',
  fields: (t) => ({
    startMs: t.expose('startMs', { type: 'Milliseconds', description: 'First millisecond.' }),
    endMs: t.expose('endMs', { type: 'Milliseconds', description: 'First millisecond after it.' }),
    durationMs: t.field({
      type: 'Milliseconds',
      description: 'How long it is.',
      resolve: ({ startMs, endMs }) => endMs - startMs,
    }),
  }),
});

/** What makes the `range` of a row with both bounds. */
export const rangeOf = (description: string) => ({
  type: TimeRange,
  description,
  select: { startMs: true, endMs: true } as const,
  resolve: ({ startMs, endMs }: RangeShape): RangeShape => ({ startMs, endMs }),
});

export const TimeRangeInput = builder.inputType('TimeRangeInput', {
  description: 'A span of the media timeline, end excluded; `startMs < endMs`.',
  fields: (t) => ({
    startMs: t.field({ type: 'Milliseconds', required: true, description: 'First millisecond.' }),
    endMs: t.field({ type: 'Milliseconds', required: true, description: 'First millisecond after it.' }),
  }),
});

export const SilenceRegion = builder.objectRef<RangeShape & { meanDb: number | null }>('SilenceRegion').implement({
  description: 'A stretch below the speech threshold.',
  fields: (t) => ({
    startMs: t.expose('startMs', { type: 'Milliseconds', description: 'First millisecond.' }),
    endMs: t.expose('endMs', { type: 'Milliseconds', description: 'First millisecond after it.' }),
    meanDb: t.exposeFloat('meanDb', { nullable: true, description: 'How loud it still is, dBFS.' }),
  }),
});

/** The longest time a column of milliseconds holds; clients ask "up to the end" by larger numbers. */
const latestMs = 2 ** 31 - 1;

/** A checked `TimeRangeInput`: not empty, and no longer than a column of milliseconds holds. */
export const timeRange = z
  .object({ startMs: z.int().min(0), endMs: z.int().max(latestMs, 'No recording is that long.') })
  .refine(({ startMs, endMs }) => startMs < endMs, { path: ['endMs'], message: 'Must be after startMs.' });

/** Where-fragment that selects spans overlapping the range; INVALID_INPUT for one that ends before it starts. */
export function overlapping({ startMs, endMs }: RangeShape) {
  if (startMs >= endMs) throw new Problem('INVALID_INPUT', { reason: 'A range must end after it starts.' });
  return { startMs: { lt: Math.min(endMs, latestMs) }, endMs: { gt: Math.min(startMs, latestMs) } };
}
