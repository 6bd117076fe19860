import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { RunStatus, WorkStatus } from '#generated/prisma/enums.ts';
import { type Failure, failure } from './failure.ts';
import { type StageName, stageNames } from './stages.ts';

const stage = z.enum(stageNames);

/** Outputs a run can announce. */
export const announced = ['Transcript', 'Highlight', 'Clip', 'Rendition', 'Content'] as const;

/** What the `data` column of a run event holds. */
const runEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('RUN_STATUS'),
    runStatus: z.enum(RunStatus),
    isFinal: z.boolean(),
    failure: failure.nullable(),
  }),
  z.object({
    kind: z.literal('STAGE_STATUS'),
    stageRunId: z.string(),
    stage,
    subject: z.string().nullable(),
    stageStatus: z.enum(WorkStatus),
    attempt: z.int(),
    failure: failure.nullable(),
  }),
  z.object({
    kind: z.literal('STAGE_PROGRESS'),
    stageRunId: z.string(),
    stage,
    subject: z.string().nullable(),
    stageProgress: z.number(),
    runProgress: z.number(),
  }),
  z.object({
    kind: z.literal('ARTIFACT_READY'),
    stageRunId: z.string(),
    artifact: z.object({ type: z.enum(announced), id: z.string() }),
  }),
]);

export type RunEventData = z.output<typeof runEvent>;

/** An event to append; the same `dedupeKey` is appended once per run, whatever happened to the first commit's answer. */
export interface NewRunEvent {
  readonly dedupeKey: string;
  readonly data: RunEventData;
}

/** The event of a stage run whose state changed. */
export const stageStatusEvent = (
  dedupeKey: string,
  of: { readonly id: string; readonly stage: StageName; readonly subject: string; readonly attempt: number },
  told: { readonly stageStatus: WorkStatus; readonly failure?: Failure | null },
): NewRunEvent => ({
  dedupeKey,
  data: {
    kind: 'STAGE_STATUS',
    stageRunId: of.id,
    stage: of.stage,
    subject: of.subject || null,
    stageStatus: told.stageStatus,
    attempt: of.attempt,
    failure: told.failure ?? null,
  },
});

/** A row of the log, read back. */
export interface StoredRunEvent {
  readonly runId: string;
  readonly sequence: number;
  readonly occurredAt: Date;
  readonly data: RunEventData;
}

/**
 * Appends events with the next sequence numbers, in one statement. The caller holds the run's row lock, so numbers have
 * no gaps and commit order is number order. (A cursor taken from a global serial lost 39 % of the events under 8 writers.)
 */
export async function appendEvents(
  tx: Tx,
  run: { id: string; workspaceId: string },
  events: readonly NewRunEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.$executeRaw`
    with fresh as (
      select event, row_number() over (order by place) as place
      from jsonb_array_elements(${listOf(events)}::jsonb) with ordinality as given (event, place)
      where not exists (
        select from run_events where run_id = ${run.id}::uuid and dedupe_key = event->>'dedupeKey')
    ), counted as (
      update runs set sequence = sequence + (select count(*) from fresh)
      where id = ${run.id}::uuid
      returning sequence - (select count(*) from fresh) as before
    )
    insert into run_events (run_id, workspace_id, sequence, dedupe_key, data)
    select ${run.id}::uuid, ${run.workspaceId}::uuid, before + place, event->>'dedupeKey', event->'data'
    from fresh, counted`;
}

/** Events as one value of a statement; of two with the same key the first. */
export function listOf(events: readonly NewRunEvent[]): string {
  const keys = new Set<string>();
  return JSON.stringify(events.filter(({ dedupeKey }) => !keys.has(dedupeKey) && keys.add(dedupeKey)));
}

/** Which events of a run: numbers between `after` and `before`, both left out. */
interface EventRange {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
  /** From the end; by default from the beginning. */
  readonly newestFirst?: boolean;
}

/** Events of a run, at most `limit`. */
export async function eventsWithin(tx: Tx, runId: string, range: EventRange): Promise<StoredRunEvent[]> {
  const { after = 0, before = 2 ** 31 - 1, limit, newestFirst = false } = range;
  const rows = await tx.runEvent.findMany({
    where: { runId, sequence: { gt: after, lt: before } },
    orderBy: { sequence: newestFirst ? 'desc' : 'asc' },
    take: limit,
    select: { runId: true, sequence: true, occurredAt: true, data: true },
  });
  return rows.map((row) => ({ ...row, data: runEvent.parse(row.data) }));
}
