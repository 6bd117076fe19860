import { isFinal } from '#pipeline/progress.ts';
import type { Aftermath } from '../storm.ts';
import type { Check } from './check.ts';

/** Codes with which a stage may give up that met five faults in a row; anything else is a fault of ours. */
const explained: ReadonlySet<unknown> = new Set([
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_BAD_ANSWER',
  'WORKER_LOST',
  'TIMED_OUT',
]);

/** Every acknowledged upload and run is there; every run is final, and in a state that what was done to it explains. */
export const checkRuns: Check = async ({ database, history }) => {
  const uploads = await database.prisma.upload.findMany({ select: { id: true } });
  const runs = await database.prisma.run.findMany({
    select: {
      id: true,
      uploadId: true,
      status: true,
      failure: true,
      stageRuns: { select: { stage: true, status: true } },
    },
  });
  const there = new Set([...uploads, ...runs].map(({ id }) => id));
  const known = [...history.uploads.values()].filter(({ deleted }) => !deleted);
  const kept = new Set(known.map(({ uploadId }) => uploadId));
  const missing = [
    ...known.filter(({ uploadId }) => !there.has(uploadId)).map(({ uploadId }) => `upload ${uploadId}`),
    ...[...history.runs.values()]
      .filter(({ runId, uploadId }) => kept.has(uploadId) && !there.has(runId))
      .map(({ runId }) => `run ${runId}`),
  ];
  const open = runs.filter(({ status }) => !isFinal(status));
  const odd = runs.filter((run) => !open.includes(run) && !isExplained(run, history));
  const status = new Map(runs.map((run) => [run.id, run.status]));
  const retried = [...history.runs.values()].flatMap(({ retriedAs }) => retriedAs ?? []);
  const hopeless = retried.filter((runId) => status.get(runId) !== 'SUCCEEDED');
  return [
    ...missing.map((what) => ({ kind: 'lost' as const, detail: `${what} was acknowledged and is gone` })),
    ...open.map(({ id, status, stageRuns }) => ({
      kind: 'lost' as const,
      detail: `run ${id} is ${status}: ${stageRuns.map((row) => `${row.stage} ${row.status}`).join(', ')}`,
    })),
    ...hopeless.map((runId) => ({
      kind: 'lost' as const,
      detail: `run ${runId} retries a failed one in good weather and is ${status.get(runId)}`,
    })),
    ...odd.map(({ id, status, failure }) => ({
      kind: 'broken' as const,
      detail: `run ${id} is ${status}, which nothing explains: ${JSON.stringify(failure)}`,
    })),
  ];
};

function isExplained(
  run: { readonly id: string; readonly status: string; readonly failure: unknown },
  history: Aftermath['history'],
): boolean {
  const known = history.runs.get(run.id);
  if (run.status === 'CANCELED') return known !== undefined && known.cancelAskedAt !== null;
  if (known?.canceled === true) return false;
  return run.status === 'SUCCEEDED' || explained.has(codeOf(run.failure));
}

const codeOf = (failure: unknown): unknown =>
  typeof failure === 'object' && failure !== null && 'code' in failure ? failure.code : undefined;
