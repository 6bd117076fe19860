import { z } from 'zod';
import { isStorable, line } from '#base/line.ts';
import { keysOf } from '#base/record.ts';
import { timeRange } from '#domain/files/time-range.ts';
import { idOf } from '#graph/ids.ts';

const segmentId = idOf('TranscriptSegment');
const speakerId = idOf('Speaker');
const segmentIds = (least: number) =>
  z
    .array(segmentId)
    .max(500, 'At most 500 at a time.')
    .transform((ids) => [...new Set(ids)])
    .refine((ids) => ids.length >= least, `Name at least ${least === 1 ? 'one' : 'two'}.`);

/** What may be corrected at once; by GraphQL each operation holds exactly one of them. */
export const operation = z.object({
  replaceText: z
    .object({
      segmentId,
      text: z
        .string()
        .max(5_000, 'At most 5,000 characters.')
        .refine(isStorable, 'Must not contain NUL or half a character.'),
    })
    .nullish(),
  splitSegment: z.object({ segmentId, atMs: z.int() }).nullish(),
  mergeSegments: z.object({ segmentIds: segmentIds(2) }).nullish(),
  setSpeaker: z.object({ segmentIds: segmentIds(1), speakerId }).nullish(),
  renameSpeaker: z.object({ speakerId, displayName: line(100) }).nullish(),
  setRange: z.object({ segmentId, range: timeRange }).nullish(),
});

export type Operation = z.output<typeof operation>;

/** Ids of the segments that operations name, each as often as it is named. */
export const segmentsNamed = (operations: readonly Operation[]): string[] =>
  operations.flatMap(({ replaceText, splitSegment, mergeSegments, setSpeaker, setRange }) => [
    ...[replaceText, splitSegment, setRange].flatMap((one) => (one ? [one.segmentId] : [])),
    ...[mergeSegments, setSpeaker].flatMap((one) => one?.segmentIds ?? []),
  ]);

/** How long the texts are that operations bring along. */
export const charactersIn = (operations: readonly Operation[]): number =>
  operations.reduce((sum, { replaceText }) => sum + (replaceText?.text.length ?? 0), 0);

const told: Readonly<Record<keyof Operation, readonly [one: string, many: string]>> = {
  replaceText: ['text changed', 'texts changed'],
  splitSegment: ['sentence split', 'sentences split'],
  mergeSegments: ['join of sentences', 'joins of sentences'],
  setSpeaker: ['change of speaker', 'changes of speaker'],
  renameSpeaker: ['speaker renamed', 'speakers renamed'],
  setRange: ['sentence moved', 'sentences moved'],
};

/** What operations do, for a list of edits: `2 texts changed, 1 speaker renamed`. */
export function summaryOf(operations: readonly Operation[]): string {
  const counts = keysOf(told).map((kind) => [kind, operations.filter((one) => one[kind]).length] as const);
  const parts = counts.filter(([, count]) => count > 0);
  return parts.map(([kind, count]) => `${count} ${told[kind][count === 1 ? 0 : 1]}`).join(', ');
}
