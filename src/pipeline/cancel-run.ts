import { Problem } from '#base/problem.ts';
import { changeRun, type RunWriter } from './change-run.ts';
import { stageStatusEvent } from './events.ts';
import { isFinal, openStatuses } from './progress.ts';
import { removeJobs } from './queue.ts';
import { stageNamed } from './stages.ts';

/**
 * Ends a run at once: every stage run that is not final becomes CANCELED and its job leaves the queue. A worker in the
 * middle of one finds its lease gone at its next beat (half a second), kills its children and writes nothing. What is made stays.
 * Throws INVALID_STATE for a run that is already final.
 */
export async function cancelRun(writer: RunWriter, runId: string): Promise<void> {
  await changeRun(writer, { runId, cause: 'cancel' }, async ({ tx, run, emit }) => {
    if (isFinal(run.status))
      throw new Problem('INVALID_STATE', { reason: `The run has already ended (${run.status}).` });
    const canceled = await tx.stageRun.updateManyAndReturn({
      where: { runId, status: { in: openStatuses } },
      data: { status: 'CANCELED', attemptToken: null, workerId: null, finishedAt: new Date() },
      select: { id: true, stage: true, subject: true, attempt: true },
    });
    await tx.run.update({ where: { id: runId }, data: { cancelRequestedAt: new Date() }, select: { id: true } });
    await removeJobs(
      tx,
      canceled.map((row) => row.id),
    );
    for (const row of canceled) {
      const stage = stageNamed(row.stage);
      emit(stageStatusEvent(`${row.id}:CANCELED`, { ...row, stage }, { stageStatus: 'CANCELED' }));
    }
  });
}
