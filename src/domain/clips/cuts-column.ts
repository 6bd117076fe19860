import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Span, sourceMs } from '#base/time.ts';

const stored = z.array(z.tuple([z.int(), z.int()])).min(1);

/** A clip's cuts column, read back: kept spans of the recording in the order they play. */
export const cutsOf = (column: unknown): Span[] =>
  stored.parse(column).map(([startMs, endMs]) => ({ startMs: sourceMs(startMs), endMs: sourceMs(endMs) }));

/** Cuts as they are written, with the hash by which the same cuts are the same clip. */
export function columnsOf(cuts: readonly Span[]) {
  const column = cuts.map(({ startMs, endMs }) => [startMs, endMs]);
  return {
    cuts: column,
    cutsHash: createHash('sha256').update(JSON.stringify(column)).digest('hex'),
    startMs: Math.min(...cuts.map((cut) => cut.startMs)),
    endMs: Math.max(...cuts.map((cut) => cut.endMs)),
  };
}
