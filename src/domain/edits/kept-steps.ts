import type { Tx } from '#base/database.ts';

/**
 * How far back a transcript can be undone: a hundred steps, or as many as 16 MiB hold, as they lie in the database. One
 * correction of everything that is allowed at once takes up to 7 MB, so that without the second limit a hundred of them
 * would be a recording's worth of room that no meter counts.
 */
export const mostSteps = 100;
const mostBytes = 16 * 1024 ** 2;

/** Forgets what undoing older steps would take, in the transaction of a new one. The newest can always be undone. */
export async function forgetOldSteps(tx: Tx, transcriptId: string): Promise<void> {
  await tx.$executeRaw`
    update transcript_edits e set operations = null, before = null, after = null
    from (
      select id, row_number() over newest as step, sum(bytes) over newest as bytes
      from (
        select id, revision, pg_column_size(operations) + pg_column_size(before) + pg_column_size(after) as bytes
        from transcript_edits where transcript_id = ${transcriptId}::uuid
        order by revision desc limit ${mostSteps + 1}::int
      ) newest_steps
      window newest as (order by revision desc)
    ) steps
    where e.id = steps.id and e.before is not null and step > 1 and (step > ${mostSteps}::int or steps.bytes > ${mostBytes}::int)`;
}
