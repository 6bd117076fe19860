import { keysOf } from '#base/record.ts';
import type { RunState, Stage, StageRunState, WorkStatus } from '#client/offprint.ts';

/** A stage with all that it is done for. */
export interface StageRow {
  readonly stage: Stage;
  readonly status: WorkStatus;
  /** 0 to 1, the mean over what it is done for. */
  readonly progress: number;
  readonly finished: number;
  readonly total: number;
  readonly fault: string | null;
}

/** Every stage in the order of the pipeline; a compile error here means that the API has a new one. */
const order: Record<Stage, true> = {
  INGEST: true,
  TRANSCRIBE: true,
  HIGHLIGHT: true,
  CUT: true,
  REEL: true,
  WRITE: true,
};

/** The stages of a run, whether begun or not. */
export function stageRows(state: RunState): StageRow[] {
  return keysOf(order).map((stage) => {
    const runs = state.stageRuns.filter((run) => run.stage === stage);
    const finished = runs.filter((run) => isFinal(run.status));
    return {
      stage,
      status: runs.length === 0 && state.isFinal ? 'SKIPPED' : statusOf(runs),
      progress: runs.length === 0 ? 0 : sum(runs.map(progressOf)) / runs.length,
      finished: finished.length,
      total: runs.length,
      fault: runs.find((run) => run.failure && run.status !== 'SUCCEEDED')?.failure?.message ?? null,
    };
  });
}

/** What needs looking at first wins; all done only when each is. */
function statusOf(runs: readonly StageRunState[]): WorkStatus {
  const has = (status: WorkStatus): boolean => runs.some((run) => run.status === status);
  if (runs.length > 0 && runs.every((run) => isFinal(run.status))) {
    return (['FAILED', 'CANCELED', 'SUCCEEDED'] as const).find(has) ?? 'SKIPPED';
  }
  if (has('RUNNING')) return 'RUNNING';
  if (has('WAITING')) return 'WAITING';
  return runs.some((run) => isFinal(run.status)) ? 'RUNNING' : 'QUEUED';
}

const isFinal = (status: WorkStatus): boolean => ['SUCCEEDED', 'FAILED', 'CANCELED', 'SKIPPED'].includes(status);
const progressOf = ({ status, progress }: StageRunState): number => (status === 'SUCCEEDED' ? 1 : progress);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
