import { transcribe as work } from '#domain/transcripts/transcribe.ts';
import { stageTask } from '#work/stage-task.ts';

export const transcribe = stageTask(work);
