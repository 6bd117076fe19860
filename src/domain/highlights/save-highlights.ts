import type { Tx } from '#base/database.ts';
import type { LockedRun } from '#pipeline/change-run.ts';
import type { BoundMoment } from './chosen-moments.ts';
import type { DecidedHighlight } from './decided-highlights.ts';

type Owner = Pick<LockedRun, 'id' | 'workspaceId' | 'uploadId'>;

/** What a run chose, and what a person had kept of earlier runs. */
interface Chosen {
  readonly weighed: readonly BoundMoment[];
  readonly decided: readonly DecidedHighlight[];
}

/**
 * Writes a run's highlights and what was weighed for them; gives the highlights' ids. Those that nobody touched and that
 * no clip or reel shows make room. What a person changed stays as it is, also where that happened while the run was at work.
 */
export async function saveHighlights(tx: Tx, run: Owner, { weighed, decided }: Chosen): Promise<string[]> {
  const chosen = weighed.filter(({ moment }) => moment.rejection === null);
  await replaceMoments(tx, run, weighed);
  await removeUntouched(tx, run, chosen);
  const ids = await keepDecided(tx, run, decided);
  for (const one of chosen) {
    const id = await saveHighlight(tx, run, one);
    if (id !== null) ids.push(id);
  }
  return ids;
}

/** Only the newest run's moments are shown, so only those are kept. */
async function replaceMoments(tx: Tx, { id, workspaceId, uploadId }: Owner, weighed: readonly BoundMoment[]) {
  await tx.moment.deleteMany({ where: { uploadId } });
  await tx.moment.createMany({
    data: weighed.map(({ moment, bounds: { startMs, endMs } }, index) => {
      const { title, importance: score, signals, rejection } = moment;
      return { workspaceId, uploadId, runId: id, rank: index + 1, startMs, endMs, title, score, signals, rejection };
    }),
  });
}

async function removeUntouched(tx: Tx, { uploadId }: Owner, chosen: readonly BoundMoment[]): Promise<void> {
  const stay = chosen.map(({ bounds: { startMs, endMs } }) => ({ startMs, endMs }));
  await tx.highlight.deleteMany({
    where: { uploadId, decision: 'PROPOSED', revision: 1, clips: { none: {} }, reels: { none: {} }, NOT: { OR: stay } },
  });
}

async function keepDecided(tx: Tx, run: Owner, decided: readonly DecidedHighlight[]): Promise<string[]> {
  const where = {
    id: { in: decided.filter(({ kept }) => kept).map(({ id }) => id) },
    decision: { not: 'DISMISSED' },
  } as const;
  await tx.highlight.updateMany({ where, data: { runId: run.id } });
  const rows = await tx.highlight.findMany({ where, orderBy: { importance: 'desc' }, select: { id: true } });
  return rows.map(({ id }) => id);
}

/** Null where a person dismissed the very same span meanwhile. */
async function saveHighlight(tx: Tx, run: Owner, { moment, bounds }: BoundMoment): Promise<string | null> {
  const { title, summary, importance, quote, signals } = moment;
  const { startMs, endMs, reasons } = bounds;
  const range = { uploadId: run.uploadId, startMs, endMs };
  const facts = { title, summary, importance, quote, signals, topics: [...moment.topics] };
  const bound = { startReason: reasons.start, endReason: reasons.end };
  const there = await tx.highlight.findUnique({
    where: { uploadId_startMs_endMs: range },
    select: { id: true, decision: true, revision: true },
  });
  if (!there) {
    const data = { workspaceId: run.workspaceId, runId: run.id, ...range, ...facts, ...bound };
    return (await tx.highlight.create({ data, select: { id: true } })).id;
  }
  if (there.decision === 'DISMISSED') return null;
  const untouched = there.decision === 'PROPOSED' && there.revision === 1;
  const data = { runId: run.id, ...(untouched && { ...facts, ...bound }) };
  return (await tx.highlight.update({ where: { id: there.id }, data, select: { id: true } })).id;
}
