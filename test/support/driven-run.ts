import type { Database } from '#base/database.ts';
import { globalId } from '#base/global-id.ts';
import { openLog } from '#base/log.ts';
import { changeRun } from '#pipeline/change-run.ts';
import { openWaker } from '#pipeline/wake.ts';
import { seedRun, seedUpload, type Tenant } from './seed.ts';

/** A run that a test moves on, by the same calls as a worker: each one is a commit, then a wake-up. */
export interface DrivenRun extends AsyncDisposable {
  readonly runId: string;
  readonly globalId: string;
  /** A worker takes its stage up. */
  begin(): Promise<void>;
  /** The stage has come this far. */
  tell(percent: number): Promise<void>;
  /** The stage succeeds, and the run with it. */
  finish(): Promise<void>;
}

/** Starts a run with one stage over a verified upload of the tenant. */
export async function openDrivenRun(database: Database, tenant: Tenant): Promise<DrivenRun> {
  const runId = await seedRun(database, tenant, await seedUpload(database, tenant));
  const stage = await database.prisma.stageRun.findFirstOrThrow({ where: { runId }, select: { id: true } });
  const wake = openWaker(database.pool, openLog('silent'), 5);
  const writer = { database, wake, env: { WORKER_SILENT_MS: 15_000 } };
  const status = { stageRunId: stage.id, stage: 'ingest', subject: null } as const;
  return {
    runId,
    globalId: globalId('Run', runId),
    begin: async () => {
      await changeRun(writer, { runId, cause: 'begin' }, async ({ tx, emit }) => {
        await tx.stageRun.update({ where: { id: stage.id }, data: { status: 'RUNNING', attempt: 1 } });
        const begun = { stageStatus: 'RUNNING', attempt: 1, failure: null } as const;
        emit({ dedupeKey: 'begin', data: { kind: 'STAGE_STATUS', ...status, ...begun } });
      });
    },
    tell: async (percent) => {
      await changeRun(writer, { runId, cause: `${percent}` }, async ({ tx, emit }) => {
        await tx.stageRun.update({ where: { id: stage.id }, data: { progress: percent / 100 } });
        const progress = { stageProgress: percent / 100, runProgress: 0 };
        emit({ dedupeKey: `${percent}`, data: { kind: 'STAGE_PROGRESS', ...status, ...progress } });
      });
    },
    finish: async () => {
      await changeRun(writer, { runId, cause: 'end' }, async ({ tx, emit }) => {
        await tx.stageRun.update({ where: { id: stage.id }, data: { status: 'SUCCEEDED', progress: 1 } });
        const end = { stageStatus: 'SUCCEEDED', attempt: 1, failure: null } as const;
        emit({ dedupeKey: 'end', data: { kind: 'STAGE_STATUS', ...status, ...end } });
      });
    },
    [Symbol.asyncDispose]: () => wake[Symbol.asyncDispose](),
  };
}
