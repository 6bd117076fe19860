import { z } from 'zod';
import type { SeenEvent } from '../documents.ts';
import type { Subscriber } from '../subscribers.ts';
import type { Check } from './check.ts';

const told = z.object({
  kind: z.string(),
  runStatus: z.string().optional(),
  stageStatus: z.string().optional(),
  attempt: z.number().optional(),
  stageProgress: z.number().optional(),
});

type Told = z.output<typeof told>;

/** The log of each run counts 1, 2, 3 …, and every subscriber was told it, event by event, to the final one. */
export const checkEvents: Check = async ({ database, history, subscribers }) => {
  const rows = await database.prisma.runEvent.findMany({
    select: { runId: true, sequence: true, data: true },
    orderBy: { sequence: 'asc' },
  });
  const logs = new Map<string, Map<number, Told>>();
  for (const { runId, sequence, data } of rows) {
    const log = logs.get(runId) ?? new Map<number, Told>();
    logs.set(runId, log.set(sequence, told.parse(data)));
  }
  const gaps = [...logs].filter(([, log]) => Math.max(...log.keys()) !== log.size);
  const deleted = new Set(
    [...history.uploads.values()].filter(({ deleted }) => deleted).map(({ uploadId }) => uploadId),
  );
  const followers = subscribers.all.filter(({ runId }) => !deleted.has(history.runs.get(runId)?.uploadId ?? ''));
  return [
    ...gaps.map(([runId]) => ({ kind: 'lost' as const, detail: `the log of run ${runId} has a gap` })),
    ...followers.flatMap((one) => faultsOf(one, logs.get(one.runId) ?? new Map())),
  ];
};

function faultsOf(subscriber: Subscriber, log: ReadonlyMap<number, Told>) {
  const { seen, after, end } = subscriber;
  const who = `a subscriber of run ${subscriber.runId}${after === null ? '' : ` after ${after}`}`;
  const fault = (kind: 'lost' | 'duplicated' | 'broken', what: string) => ({ kind, detail: `${who} ${what}` });
  if (end !== 'final')
    return [fault('lost', `saw ${seen.length} events and ${end === null ? 'no end' : 'an early end'}`)];
  const found = seen.flatMap((event, at) => {
    const before = at === 0 ? after : (seen[at - 1]?.sequence ?? null);
    if (event.__typename === 'RunSnapshotEvent') return [];
    if (before !== null && event.sequence <= before)
      return [fault('duplicated', `saw ${event.sequence} after ${before}`)];
    if (before === null || event.sequence > before + 1) return [fault('lost', `saw ${event.sequence} after ${before}`)];
    return isSame(event, log.get(event.sequence)) ? [] : [fault('broken', `was told another event ${event.sequence}`)];
  });
  const last = seen.at(-1)?.sequence ?? 0;
  return last === log.size ? found : [...found, fault('lost', `ended at ${last} of ${log.size}`)];
}

/** Progress of the run may be told higher than it was written: whoever saw a snapshot must not see it fall. */
function isSame(event: SeenEvent, row: Told | undefined): boolean {
  switch (event.__typename) {
    case 'RunSnapshotEvent':
      return true;
    case 'RunStatusEvent':
      return row?.kind === 'RUN_STATUS' && row.runStatus === event.runStatus;
    case 'StageStatusEvent':
      return row?.kind === 'STAGE_STATUS' && row.stageStatus === event.stageStatus && row.attempt === event.attempt;
    case 'StageProgressEvent':
      return row?.kind === 'STAGE_PROGRESS' && row.stageProgress === event.stageProgress;
    case 'ArtifactReadyEvent':
      return row?.kind === 'ARTIFACT_READY';
    default:
      return false;
  }
}
