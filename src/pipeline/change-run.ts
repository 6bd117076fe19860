import type { Database, Tx } from '#base/database.ts';
import type { RunStatus } from '#generated/prisma/enums.ts';
import { release } from '#usage/reservations.ts';
import { tellWorkspace } from './activity.ts';
import { appendEvents, type NewRunEvent } from './events.ts';
import { failureOf } from './failure.ts';
import { endOf, isFinal, progressOf, type StageState } from './progress.ts';
import { plannedStages, type Recipe, recipe } from './recipe.ts';
import { stageNamed } from './stages.ts';
import type { Waker } from './wake.ts';

/** A run under its row lock. */
export interface LockedRun {
  readonly id: string;
  readonly workspaceId: string;
  readonly uploadId: string;
  readonly status: RunStatus;
  readonly progress: number;
  readonly recipe: Recipe;
  readonly correlationId: string;
}

/** One change of a run: a transaction, the locked run, and the events it will end in. */
export interface RunChange {
  readonly tx: Tx;
  readonly run: LockedRun;
  readonly emit: (event: NewRunEvent) => void;
}

/** What a change needs to reach the database and then its readers. */
export interface RunWriter {
  readonly database: Database;
  readonly wake: Waker;
}

/**
 * The only way a run changes once it is written. Locks its row, lets `body` change rows and emit events, derives the
 * run's progress and status from its stage runs, appends all events in order, commits, and only then wakes readers (a
 * NOTIFY inside every transaction costs 4 to 7 times the throughput). `cause` names the change once and for all: a
 * repeated one appends nothing. Null when the run is gone.
 */
export async function changeRun<T>(
  writer: RunWriter,
  target: { runId: string; cause: string },
  body: (change: RunChange) => Promise<T>,
): Promise<T | null> {
  const result = await writer.database.prisma.$transaction(
    async (tx) => {
      const run = await lockRun(tx, target.runId);
      if (!run) return null;
      const events: NewRunEvent[] = [];
      const value = await body({ tx, run, emit: (event) => events.push(event) });
      await settle({ tx, run, events, cause: target.cause });
      return { value, workspaceId: run.workspaceId, progressOnly: events.every(isProgress) };
    },
    { timeout: 30_000, maxWait: 10_000 },
  );
  if (result === null) return null;
  writer.wake(target.runId);
  if (!result.progressOnly) writer.wake(result.workspaceId);
  return result.value;
}

/** Locks a run's row until the transaction ends; null when it is gone. */
export async function lockRun(tx: Tx, runId: string): Promise<LockedRun | null> {
  const [row] = await tx.$queryRaw<(Omit<LockedRun, 'recipe'> & { recipe: unknown })[]>`
    select id::text, workspace_id::text as "workspaceId", upload_id::text as "uploadId", status::text, progress, recipe,
      correlation_id as "correlationId"
    from runs where id = ${runId}::uuid for update`;
  return row ? { ...row, recipe: recipe.parse(row.recipe) } : null;
}

async function settle(change: { tx: Tx; run: LockedRun; events: NewRunEvent[]; cause: string }): Promise<void> {
  const { tx, run, events, cause } = change;
  if (isFinal(run.status)) return;
  const stageRuns = await tx.stageRun.findMany({
    where: { runId: run.id },
    select: { stage: true, status: true, progress: true, failure: true },
    orderBy: { createdAt: 'asc' },
  });
  const states: StageState[] = stageRuns.map((row) => ({ ...row, stage: stageNamed(row.stage) }));
  const status = statusOf(run.status, states);
  const progress = reached(run, status, states);
  const failure = isFinal(status) ? worstFailure(stageRuns) : null;
  const now = new Date();
  if (status !== run.status || progress !== run.progress) {
    await tx.run.update({
      where: { id: run.id },
      data: {
        status,
        progress,
        ...(run.status === 'QUEUED' && status !== 'QUEUED' && { startedAt: now }),
        ...(isFinal(status) && { finishedAt: now }),
        ...(failure && { failure }),
      },
      select: { id: true },
    });
  }
  const told = events.map((event) => withRunProgress(event, progress));
  if (status !== run.status) {
    told.push({
      dedupeKey: `run:${status}:${cause}`,
      data: { kind: 'RUN_STATUS', runStatus: status, isFinal: isFinal(status), failure },
    });
  }
  await appendEvents(tx, run, told);
  if (!isFinal(status)) return;
  await release(tx, run.id);
  const subject = { type: 'Run', id: run.id };
  await tellWorkspace(tx, { workspaceId: run.workspaceId, kind: 'RUN_FINISHED', actorId: null, subject, status });
}

const isProgress = ({ data }: NewRunEvent): boolean => data.kind === 'STAGE_PROGRESS';

/** QUEUED until something starts, WAITING while all that is left waits for another attempt. */
function statusOf(current: RunStatus, states: readonly StageState[]): RunStatus {
  if (states.some((state) => state.status === 'CANCELED') && states.every((state) => isFinal(state.status)))
    return 'CANCELED';
  const end = endOf(states);
  if (end) return end;
  const open = states.filter((state) => !isFinal(state.status));
  if (open.every((state) => state.status === 'WAITING')) return 'WAITING';
  return current === 'QUEUED' && open.every((state) => state.status === 'QUEUED') ? 'QUEUED' : 'RUNNING';
}

/** Where a run failed or was canceled its bar stays: what will never come is not done. */
function reached(run: LockedRun, status: RunStatus, states: readonly StageState[]): number {
  if (status === 'SUCCEEDED' || status === 'PARTIAL') return 1;
  if (isFinal(status)) return run.progress;
  return Math.max(run.progress, progressOf(plannedStages(run.recipe), states));
}

function worstFailure(stageRuns: readonly { stage: string; status: string; failure: unknown }[]) {
  const failed = stageRuns.filter((row) => row.status === 'FAILED').map((row) => failureOf(row.failure));
  return failed.find((failure) => failure !== null) ?? null;
}

const withRunProgress = (event: NewRunEvent, runProgress: number): NewRunEvent =>
  event.data.kind === 'STAGE_PROGRESS' ? { ...event, data: { ...event.data, runProgress } } : event;
