import type { StageName } from '#pipeline/stages.ts';
import type { Chore } from '#work/chore.ts';
import type { StageTask } from '#work/stage-task.ts';
import { captions } from './captions.ts';
import { cut } from './cut.ts';
import { deliver } from './deliver.ts';
import { erase } from './erase.ts';
import { exportData } from './export.ts';
import { highlight } from './highlight.ts';
import { ingest } from './ingest.ts';
import { reel } from './reel.ts';
import { sweep } from './sweep.ts';
import { sweepOrphans } from './sweep-orphans.ts';
import { transcribe } from './transcribe.ts';
import { write } from './write.ts';

/** Every declared stage has its task: one that is missing does not compile. */
export const stageTasks = { ingest, transcribe, highlight, cut, reel, write } satisfies Record<StageName, StageTask>;

/** Work that belongs to no run, by its name in the queue. */
export const chores: readonly Chore[] = [captions, deliver, erase, exportData, sweep, sweepOrphans];
