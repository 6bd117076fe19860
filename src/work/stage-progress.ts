import { changeRun } from '#pipeline/change-run.ts';
import { heldBy, type Lease } from './lease.ts';
import type { Worker } from './worker.ts';

const everyMs = 250;

/** Writes a stage's progress while it works. */
export interface StageProgress extends AsyncDisposable {
  readonly tell: (fraction: number) => void;
}

/**
 * Written only when a whole percent and 250 ms have passed, one write at a time, the newest value winning: at most a
 * hundred events per stage whatever the work calls. A write that fails only loses that step.
 */
export function openProgress(worker: Worker, lease: Lease): StageProgress {
  let newest = 0;
  let written = 0;
  let nextAt = 0;
  let writing: Promise<void> | null = null;
  const tell = (fraction: number) => {
    newest = Math.max(newest, Math.min(99, Math.floor(fraction * 100)));
    if (writing || newest <= written || performance.now() < nextAt) return;
    writing = write(newest).finally(() => {
      writing = null;
    });
  };
  return {
    tell,
    [Symbol.asyncDispose]: async () => {
      await writing;
    },
  };

  async function write(percent: number): Promise<void> {
    written = percent;
    nextAt = performance.now() + everyMs;
    const cause = `${lease.token}:${percent}`;
    await changeRun(worker, { runId: lease.run.id, cause }, async ({ tx, emit }) => {
      const { count } = await tx.stageRun.updateMany({
        where: { ...heldBy(lease), progress: { lt: percent / 100 } },
        data: { progress: percent / 100 },
      });
      if (count === 0) return;
      emit({
        dedupeKey: cause,
        data: {
          kind: 'STAGE_PROGRESS',
          stageRunId: lease.id,
          stage: lease.stage,
          subject: lease.subject || null,
          stageProgress: percent / 100,
          runProgress: 0,
        },
      });
    }).catch((error: unknown) => worker.log.warn({ err: error }, 'progress not written'));
  }
}
