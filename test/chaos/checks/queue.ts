import { z } from 'zod';
import type { Check } from './check.ts';

const jobRow = z.object({ id: z.string(), task: z.string(), locked: z.string().nullable(), payload: z.unknown() });
const workerRow = z.object({ id: z.string() });

/** The queue holds no work of a run and nobody's lock, and knows the living workers only. */
export const checkQueue: Check = async ({ database: { pool }, fleet }) => {
  const jobs = await pool.query(
    `select jobs.id::text, tasks.identifier as task, locked_by as locked, payload
     from graphile_worker._private_jobs jobs join graphile_worker._private_tasks tasks on tasks.id = task_id`,
  );
  const workers = await pool.query('select id from workers');
  const living = new Set(fleet.workers.map(({ workerId }) => workerId));
  const left = z.array(jobRow).parse(jobs.rows);
  const dead = z
    .array(workerRow)
    .parse(workers.rows)
    .filter(({ id }) => !living.has(id));
  return [
    ...left
      .filter(({ locked, payload }) => locked !== null || JSON.stringify(payload).includes('stageRunId'))
      .map(({ task, locked }) => ({
        kind: 'broken' as const,
        detail: `a job ${task} is left${locked ? ', locked' : ''}`,
      })),
    ...dead.map(({ id }) => ({ kind: 'broken' as const, detail: `worker ${id} is dead and still listed` })),
  ];
};
