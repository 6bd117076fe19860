import { randomUUID } from 'node:crypto';
import { globalId } from '#base/global-id.ts';
import { changeRun, type RunWriter } from '#pipeline/change-run.ts';
import { probeOnly } from '#pipeline/recipe.ts';
import { insertRun } from '#pipeline/start-run.ts';
import { monotonicMs } from './figures.ts';

/** Steps of progress that a run could tell; each is known again by its number. */
export const stepsToTheEnd = 1_000_000;

/** A run that the bench moves on, by the same call as a worker. */
export interface WrittenRun {
  readonly globalId: string;
  /** Commits one event of progress; when it was committed, on the machine's monotonic clock. */
  tell(step: number): Promise<number>;
}

/** Writes a run of an upload in a workspace. Its job waits for no worker. */
export async function writeRun(
  writer: RunWriter,
  run: { workspaceId: string; uploadId: string; createdById: string },
): Promise<WrittenRun> {
  const runId = randomUUID();
  const { prisma } = writer.database;
  await prisma.$transaction((tx) => insertRun(tx, { ...run, id: runId, recipe: probeOnly }));
  const { id: stageRunId } = await prisma.stageRun.findFirstOrThrow({ where: { runId }, select: { id: true } });
  return {
    globalId: globalId('Run', runId),
    tell: async (step) => {
      await changeRun(writer, { runId, cause: `${step}` }, async ({ tx, emit }) => {
        await tx.stageRun.update({
          where: { id: stageRunId },
          data: { progress: step / stepsToTheEnd },
          select: { id: true },
        });
        const of = { stageRunId, stage: 'ingest', subject: null } as const;
        const told = { kind: 'STAGE_PROGRESS', ...of, stageProgress: step / stepsToTheEnd, runProgress: 0 } as const;
        emit({ dedupeKey: `${step}`, data: told });
      });
      return monotonicMs();
    },
  };
}
