import type {
  RunEventFieldsFragment,
  RunFieldsFragment,
  RunStatus,
  StageRunFieldsFragment,
  TroubleFragment,
} from './generated/graphql.ts';

/** What `Subscription.runEvents` sends, as the documents of this package ask for it. */
export type RunEvent = RunEventFieldsFragment;

/** A stage for one subject. */
export type StageRunState = StageRunFieldsFragment;

/** A run as its events so far tell it. */
export interface RunState {
  readonly status: RunStatus;
  /** Whether `status` can never change again. */
  readonly isFinal: boolean;
  /** 0 to 1; it never falls. */
  readonly progress: number;
  readonly failure: TroubleFragment | null;
  /** In the order in which they were first heard of. */
  readonly stageRuns: readonly StageRunState[];
  /** What became available since the run is followed, oldest first. */
  readonly announced: readonly Announced[];
  /** Behind the last event. */
  readonly cursor: string | null;
}

/** An output that can be shown now. */
export interface Announced {
  readonly type: string;
  readonly id: string;
}

/** A run of which nothing is known yet. */
export const unknownRun: RunState = {
  status: 'QUEUED',
  isFinal: false,
  progress: 0,
  failure: null,
  stageRuns: [],
  announced: [],
  cursor: null,
};

/** A run as a query found it; its `eventCursor` goes on from there. */
export const runStateOf = (run: RunFieldsFragment, cursor: string | null = null): RunState => ({
  ...unknownRun,
  ...stateIn(run),
  cursor,
});

/** The run after one more event: pure, so that it also serves as a reducer of React. */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  return { ...changed(state, event), cursor: event.cursor };
}

function changed(state: RunState, event: RunEvent): RunState {
  switch (event.__typename) {
    case 'RunSnapshotEvent':
      return { ...state, ...stateIn(event.run) };
    case 'RunStatusEvent': {
      const { runStatus: status, isFinal, failure } = event;
      const progress = status === 'SUCCEEDED' ? 1 : state.progress;
      return { ...state, status, isFinal, progress, failure: failure ?? state.failure };
    }
    case 'StageStatusEvent': {
      const { stageRunId: id, stage, subject, stageStatus: status, failure } = event;
      const progress = status === 'SUCCEEDED' ? 1 : undefined;
      return withStageRun(state, { id, stage, subject, status, failure, ...(progress && { progress }) });
    }
    case 'StageProgressEvent': {
      const { stageRunId: id, stage, subject, stageProgress: progress, runProgress } = event;
      return { ...withStageRun(state, { id, stage, subject, progress }), progress: runProgress };
    }
    case 'ArtifactReadyEvent': {
      if (!event.artifact) return state;
      const { __typename: type, id } = event.artifact;
      return { ...state, announced: [...state.announced, { type, id }] };
    }
    default:
      // A newer API may have more kinds of events.
      return state;
  }
}

const stateIn = ({ status, isFinal, progress, failure, stageRuns }: RunFieldsFragment) => ({
  status,
  isFinal,
  progress,
  failure: failure ?? null,
  stageRuns,
});

type Change = Pick<StageRunState, 'id' | 'stage'> & Partial<StageRunState>;

function withStageRun(state: RunState, change: Change): RunState {
  const known = state.stageRuns.some(({ id }) => id === change.id);
  const fresh: StageRunState = { subject: null, status: 'QUEUED', progress: 0, failure: null, ...change };
  const stageRuns = known
    ? state.stageRuns.map((run) => (run.id === change.id ? { ...run, ...change } : run))
    : [...state.stageRuns, fresh];
  return { ...state, stageRuns };
}
