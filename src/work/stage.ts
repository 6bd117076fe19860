import type { Tx } from '#base/database.ts';
import type { Log } from '#base/log.ts';
import type { Folder } from '#base/temp.ts';
import type { LockedRun } from '#pipeline/change-run.ts';
import type { Units } from '#pipeline/estimates.ts';
import type { announced } from '#pipeline/events.ts';
import type { Failure } from '#pipeline/failure.ts';
import type { StageName } from '#pipeline/stages.ts';
import type { AttemptCalls } from './model-calls.ts';
import type { Worker } from './worker.ts';

/** What a stage gets to work with. */
export interface StageContext {
  readonly worker: Worker;
  readonly run: LockedRun;
  readonly stageRunId: string;
  /** The clip or content it is for; empty where the stage does not repeat. */
  readonly subject: string;
  /** Gone with all it holds when the attempt ends. */
  readonly folder: Folder;
  /** Aborts on cancel, shutdown, timeout and when another worker took over. Children and calls must obey it. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Through here go all questions to models. */
  readonly calls: AttemptCalls;
  /**
   * To be called where nothing that is there already will do, before anything is spent (a model's answer, an encode).
   * Throws QUOTA_EXCEEDED where the workspace's plan has no room for what the stage may use. A subject that can become
   * another one after its run was written tells what it takes (`units`), and has room for just that from then on.
   */
  readonly reserve: (units?: Units) => Promise<void>;
  /** Tells how far the work is, 0 to 1. Cheap to call often. */
  readonly progress: (fraction: number) => void;
}

/** An output that the stage's commit announces. */
export interface ReadyArtifact {
  readonly type: (typeof announced)[number];
  readonly id: string;
}

/** Writes the rows of finished work, inside the runner's one short transaction; returns what became available. */
export type StageCommit = (tx: Tx) => Promise<readonly ReadyArtifact[]>;

/** One stage as its room defines it: slow work outside any transaction, then one short commit. */
export interface StageWork {
  readonly stage: StageName;
  work(context: StageContext): Promise<StageCommit>;
  /**
   * For stages that repeat: lays out the subjects when the parent's commit is written, and enqueues one stage run for
   * each. `enqueue` gives the stage run's id, also where it stood already.
   */
  fanOut?(tx: Tx, run: LockedRun, enqueue: (subject: string) => Promise<string>): Promise<void>;
  /** Writes what a final failure means for the room's own rows. */
  failed?(tx: Tx, run: LockedRun, failure: Failure): Promise<void>;
}

/** Every stage's work by its name: the worker's task list is made of it. */
export type StageWorks = Readonly<Record<StageName, StageWork>>;
