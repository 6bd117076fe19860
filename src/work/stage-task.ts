import type { Task } from 'graphile-worker';
import { z } from 'zod';
import { runStage, type StageRunner } from './run-stage.ts';
import type { StageWork } from './stage.ts';

const payload = z.object({ stageRunId: z.uuid() });

/** A stage as the queue knows it: its work, and the task that runs it. */
export interface StageTask {
  readonly work: StageWork;
  readonly task: (runner: StageRunner) => Task;
}

/** Checks the one id that a job carries, then runs the stage's life. */
export const stageTask = (work: StageWork): StageTask => ({
  work,
  task: (runner) => async (job) => {
    await runStage(runner, work, payload.parse(job).stageRunId);
  },
});
