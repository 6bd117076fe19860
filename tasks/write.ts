import { write as work } from '#domain/contents/write.ts';
import { stageTask } from '#work/stage-task.ts';

export const write = stageTask(work);
