import type { Database } from '#base/database.ts';
import { eventsWithin, type StoredRunEvent } from '#pipeline/events.ts';
import { type EventReader, type Page, pageSize, pull } from './pull.ts';

/** Why a reader is given the whole state instead of the next event. */
type SnapshotReason = 'INITIAL' | 'CURSOR_EXPIRED' | 'READER_TOO_SLOW';

/** A run's state at a number, or newer. */
export interface Snapshot {
  readonly runId: string;
  readonly sequence: number;
  readonly reason: SnapshotReason;
}

/** Full states stand where numbers jump; between them every event follows in order. */
export type Followed = { readonly snapshot: Snapshot } | { readonly event: StoredRunEvent };

/** A reader who falls this far behind what happens gets the state instead of each step towards it. */
const mostBehind = 500;

/**
 * Follows a run: a snapshot first (unless `after` is given), then every event in order, then the end after the final
 * one or with the run itself. Where events after the position were swept away, or the run runs away from a slow reader,
 * another snapshot stands for them: steps of progress may be left out, never a state.
 */
export function followRun(reader: EventReader, runId: string, after: number | null): AsyncIterableIterator<Followed> {
  const { database, feed } = reader;
  let last = after;
  /** What was there at the beginning was asked for: a replay is never too slow. */
  let askedFor: number | null = null;
  let floor = 0;
  let jumped = false;
  return pull(reader, runId, async (): Promise<Page<Followed> | null> => {
    const from = last;
    const seen = await feed.together(`${runId}:${from}`, () => lookAt(database, runId, from));
    if (!seen) return null;
    const { run, events } = seen;
    askedFor ??= run.sequence;
    // A snapshot's number is read before its fields are resolved, so they may be newer. Whoever saw that progress must
    // not see it fall with the events in between.
    if (jumped) floor = run.progress;
    const reason = jumpReason(seen, { from, askedFor });
    jumped = reason !== null;
    last = jumped ? run.sequence : (events.at(-1)?.sequence ?? from);
    return {
      items: reason
        ? [{ snapshot: { runId, sequence: run.sequence, reason } }]
        : events.map((event) => ({ event: notBelow(event, floor) })),
      more: jumped || events.length === pageSize,
      ended: run.finishedAt !== null && last === run.sequence,
    };
  });
}

interface Look {
  readonly run: { readonly sequence: number; readonly progress: number; readonly finishedAt: Date | null };
  readonly events: readonly StoredRunEvent[];
}

/** One consistent look: the run is read before its events, so a final state is never seen too early. Null when it is gone. */
async function lookAt({ prisma }: Database, runId: string, after: number | null): Promise<Look | null> {
  const select = { sequence: true, progress: true, finishedAt: true } as const;
  const run = await prisma.run.findUnique({ where: { id: runId }, select });
  if (!run) return null;
  if (after === null || after >= run.sequence) return { run, events: [] };
  const events = await eventsWithin(prisma, runId, { after, limit: pageSize });
  // Swept events leave their run, an erased run leaves nothing.
  const gone = events.length === 0 && (await prisma.run.count({ where: { id: runId } })) === 0;
  return gone ? null : { run, events };
}

function jumpReason(
  { run, events }: Look,
  { from, askedFor }: { from: number | null; askedFor: number },
): SnapshotReason | null {
  if (from === null) return 'INITIAL';
  if (run.sequence > from && events[0]?.sequence !== from + 1) return 'CURSOR_EXPIRED';
  return run.sequence - Math.max(from, askedFor) > mostBehind ? 'READER_TOO_SLOW' : null;
}

const notBelow = (event: StoredRunEvent, floor: number): StoredRunEvent =>
  event.data.kind === 'STAGE_PROGRESS' && event.data.runProgress < floor
    ? { ...event, data: { ...event.data, runProgress: floor } }
    : event;
