import { transcribe as work } from '#domain/transcripts/transcribe.ts';
import { stageTask } from '#pipeline/stage-task.ts';

export const transcribe = stageTask(work);
