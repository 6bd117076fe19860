import { cut as work } from '#domain/clips/cut.ts';
import { stageTask } from '#work/stage-task.ts';

export const cut = stageTask(work);
