import { cut as work } from '#domain/clips/cut.ts';
import { stageTask } from '#pipeline/stage-task.ts';

export const cut = stageTask(work);
