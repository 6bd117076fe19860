import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Database } from '#base/database.ts';
import { eventsWithin, type StoredRunEvent } from '#pipeline/events.ts';
import { eventually } from './eventually.ts';

/** All events of a run, in order. */
export const eventsOf = (database: Database, runId: string): Promise<StoredRunEvent[]> =>
  eventsWithin(database.prisma, runId, { limit: 1_000 });

/** What the stages went through, one line each: `CUT RUNNING 1`. */
export const stageLines = (events: readonly StoredRunEvent[]): string[] =>
  events.flatMap(({ data }) =>
    data.kind === 'STAGE_STATUS' ? [`${data.stage} ${data.stageStatus} ${data.attempt}`] : [],
  );

/** Sequence numbers of events that a gap or a repetition would show in. */
export const numbersOf = (events: readonly StoredRunEvent[]): number[] => events.map(({ sequence }) => sequence);

/** 1, 2, 3 … as many as there are events. */
export const gapless = (events: readonly StoredRunEvent[]): number[] => events.map((_, at) => at + 1);

const counted = z.array(z.object({ count: z.int() }));

/** Jobs that some worker could still take up. */
export async function openJobs(database: Database): Promise<number> {
  const [row] = counted.parse(
    await database.prisma
      .$queryRaw`select count(*)::int as count from graphile_worker.jobs where attempts < max_attempts`,
  );
  return row?.count ?? 0;
}

/** Waits until the queue is empty: a job leaves it just after its stage's commit. */
export const untilNoJobs = (database: Database): Promise<void> =>
  eventually(async () => expect(await openJobs(database), 'jobs left').toBe(0));

/** Waits until the queue holds no job at all, not even one that nobody will take. */
export const untilQueueIsBare = ({ pool }: Database): Promise<void> =>
  eventually(async () =>
    expect((await pool.query('select * from graphile_worker.jobs')).rows, 'jobs left').toEqual([]),
  );

/** Waits until no stage has a work folder: each goes just after its stage's commit. */
export const untilNoFolders = (work: string): Promise<void> =>
  eventually(async () => expect(await stageFolders(work), 'work folders left').toEqual([]));

/** Work folders of stages, below the folders of all workers. */
async function stageFolders(work: string): Promise<string[]> {
  const names = await readdir(work, { recursive: true });
  return names.filter((name) => path.basename(name).startsWith('offprint-'));
}
