import { reel as work } from '#domain/clips/reel.ts';
import { stageTask } from '#pipeline/stage-task.ts';

export const reel = stageTask(work);
