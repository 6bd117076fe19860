import { keysOf } from '#base/record.ts';
import type { ApiErrorCode, RunStatus, Stage, WatchRunSubscription, WorkStatus } from '#generated/client/graphql.ts';

type RunEvent = NonNullable<WatchRunSubscription['runEvents']>;

/** A run as the events so far tell it. */
export interface RunState {
  readonly status: RunStatus;
  readonly isFinal: boolean;
  /** 0 to 1. */
  readonly progress: number;
  readonly failure: RunFailure | null;
  readonly stageRuns: Readonly<Record<string, StageRunState>>;
}

/** The first thing that went wrong. */
interface RunFailure {
  readonly code: ApiErrorCode;
  readonly message: string;
  readonly stage?: Stage | null;
}

interface StageRunState {
  readonly stage: Stage;
  readonly status: WorkStatus;
  /** 0 to 1. */
  readonly progress: number;
  /** Why the last attempt failed. */
  readonly fault: string | null;
}

/** A run of which nothing is known yet. */
export const waiting: RunState = { status: 'QUEUED', isFinal: false, progress: 0, failure: null, stageRuns: {} };

/** The state after an event. */
export function changed(state: RunState, event: RunEvent): RunState {
  switch (event.__typename) {
    case 'RunSnapshotEvent': {
      const { status, progress, isFinal, failure, stageRuns } = event.run;
      const entries = stageRuns.map(({ id, failure: fault, ...rest }) => [
        id,
        { ...rest, fault: fault?.message ?? null },
      ]);
      return { status, progress, isFinal, failure, stageRuns: Object.fromEntries(entries) };
    }
    case 'RunStatusEvent': {
      const { runStatus, isFinal, failure } = event;
      const progress = runStatus === 'SUCCEEDED' ? 1 : state.progress;
      return { ...state, status: runStatus, isFinal, progress, failure: failure ?? state.failure };
    }
    case 'StageStatusEvent': {
      const { stageRunId, stage, stageStatus: status, failure } = event;
      return withStageRun(state, stageRunId, { stage, status, fault: failure?.message ?? null });
    }
    case 'StageProgressEvent': {
      const { stageRunId, stage, stageProgress: progress, runProgress } = event;
      return { ...withStageRun(state, stageRunId, { stage, progress }), progress: runProgress };
    }
    default:
      return state;
  }
}

function withStageRun(
  state: RunState,
  id: string,
  change: Pick<StageRunState, 'stage'> & Partial<StageRunState>,
): RunState {
  const before = state.stageRuns[id] ?? { status: 'QUEUED', progress: 0, fault: null };
  return { ...state, stageRuns: { ...state.stageRuns, [id]: { ...before, ...change } } };
}

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
    const runs = Object.values(state.stageRuns).filter((run) => run.stage === stage);
    const finished = runs.filter((run) => isFinal(run.status));
    return {
      stage,
      status: runs.length === 0 && state.isFinal ? 'SKIPPED' : statusOf(runs),
      progress: runs.length === 0 ? 0 : sum(runs.map(progressOf)) / runs.length,
      finished: finished.length,
      total: runs.length,
      fault: runs.find((run) => run.fault !== null && run.status !== 'SUCCEEDED')?.fault ?? null,
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
