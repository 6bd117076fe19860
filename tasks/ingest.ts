import { ingest as work } from '#domain/uploads/ingest.ts';
import { stageTask } from '#work/stage-task.ts';

export const ingest = stageTask(work);
