import type { WorkStatus } from '#generated/prisma/enums.ts';
import { type StageName, stages } from './stages.ts';

/** What progress needs to know of a stage run. */
export interface StageState {
  readonly stage: StageName;
  readonly status: WorkStatus;
  readonly progress: number;
}

/** The states of a stage run that can still change. */
export const openStatuses: WorkStatus[] = ['QUEUED', 'RUNNING', 'WAITING'];

/** Whether a status can never change again. */
export const isFinal = (status: string): boolean =>
  status === 'SUCCEEDED' ||
  status === 'PARTIAL' ||
  status === 'FAILED' ||
  status === 'CANCELED' ||
  status === 'SKIPPED';

/**
 * A run's progress, 0 to 1: the planned stages' own progress, weighted as declared. A stage that repeats counts as the
 * mean of its subjects; one without subjects is done when its parent is.
 */
export function progressOf(planned: readonly StageName[], states: readonly StageState[]): number {
  const total = planned.reduce((sum, stage) => sum + stages[stage].weight, 0);
  const made = planned.reduce((sum, stage) => sum + stages[stage].weight * stageProgress(stage, states), 0);
  return total === 0 ? 1 : made / total;
}

function stageProgress(stage: StageName, states: readonly StageState[]): number {
  const own = states.filter((state) => state.stage === stage);
  if (own.length > 0)
    return own.reduce((sum, state) => sum + (isFinal(state.status) ? 1 : state.progress), 0) / own.length;
  const { parent } = stages[stage];
  const parents = states.filter((state) => state.stage === parent);
  return parents.length > 0 && parents.every((state) => isFinal(state.status)) ? 1 : 0;
}

/** The status a run ends in, or null while some stage run can still change. */
export function endOf(states: readonly StageState[]): 'SUCCEEDED' | 'PARTIAL' | 'FAILED' | null {
  if (!states.every((state) => isFinal(state.status))) return null;
  const failed = states.filter((state) => state.status === 'FAILED');
  if (failed.length === 0) return 'SUCCEEDED';
  return failed.some((state) => stages[state.stage].required) ? 'FAILED' : 'PARTIAL';
}
