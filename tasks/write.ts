import { write as work } from '#domain/contents/write.ts';
import { stageTask } from '#pipeline/stage-task.ts';

export const write = stageTask(work);
