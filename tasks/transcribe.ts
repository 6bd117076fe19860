import { transcribeAndRevise as work } from '#domain/clips/reheard.ts';
import { stageTask } from '#work/stage-task.ts';

export const transcribe = stageTask(work);
