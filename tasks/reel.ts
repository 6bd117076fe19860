import { reel as work } from '#domain/clips/reel.ts';
import { stageTask } from '#work/stage-task.ts';

export const reel = stageTask(work);
