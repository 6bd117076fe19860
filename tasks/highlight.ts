import { highlight as work } from '#domain/highlights/highlight.ts';
import { stageTask } from '#work/stage-task.ts';

export const highlight = stageTask(work);
