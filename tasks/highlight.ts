import { highlight as work } from '#domain/highlights/highlight.ts';
import { stageTask } from '#pipeline/stage-task.ts';

export const highlight = stageTask(work);
