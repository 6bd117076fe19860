import { highlight as work } from '#domain/clips/highlight.ts';
import { stageTask } from '#pipeline/stage-task.ts';

export const highlight = stageTask(work);
