import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { Database } from '#base/database.ts';
import { readsOf } from '#graph/reads/reads.ts';
import { openTestDatabase } from '../../support/database.ts';
import { seedTenant, type Tenant } from '../../support/seed.ts';

let database: Database;
let tenant: Tenant;
const amount = 100_000;

beforeAll(async () => {
  database = await openTestDatabase();
  tenant = await seedTenant(database, 'many');
  await database.pool.query(
    `insert into uploads (workspace_id, title, file_name, content_type, announced_bytes, protocol, storage_key, status,
       duration_ms, created_at, updated_at)
     select $1, 'Talk ' || md5(n::text), 'talk.mp4', 'video/mp4', 1, 'PUT', 'many/' || n, 'READY',
       case when n % 10 > 0 then n * 7 % 1000 end, now() - n * interval '1 second', now()
     from generate_series(1, ${amount}) n`,
    [tenant.workspaceId],
  );
  await database.pool.query('analyze uploads');
}, 120_000);
afterAll(() => database[Symbol.asyncDispose]());

const asked = z.object({ text: z.string(), values: z.array(z.unknown()) });
const plan = z.tuple([
  z.object({ Plan: z.object({ 'Shared Hit Blocks': z.number(), 'Shared Read Blocks': z.number() }) }),
]);

type Order = Readonly<Record<string, 'asc' | 'desc'>>[];

/** How many blocks the server looks at for a page of 20 behind a row. */
async function blocksOf(orderBy: Order, behind: string | null): Promise<number> {
  const query = vi.spyOn(database.pool, 'query');
  const page = { take: 21, ...(behind !== null && { cursor: { id: behind }, skip: 1 }) };
  const [workspace] = await readsOf(database).workspace.findMany({
    where: { id: tenant.workspaceId },
    select: { uploads: { orderBy, ...page, select: { id: true, title: true } } },
  });
  const [{ text, values }] = z.tuple([asked]).parse(query.mock.calls.map(([question]) => question));
  query.mockRestore();
  expect(workspace?.uploads).toHaveLength(21);
  const { rows } = await database.pool.query(`explain (analyze, buffers, format json) ${text}`, values);
  const [{ Plan: told }] = plan.parse(z.tuple([z.object({ 'QUERY PLAN': z.unknown() })]).parse(rows)[0]['QUERY PLAN']);
  return told['Shared Hit Blocks'] + told['Shared Read Blocks'];
}

test.each<[string, 'asc' | 'desc']>([
  ['createdAt', 'desc'],
  ['createdAt', 'asc'],
  ['title', 'asc'],
  ['title', 'desc'],
  ['durationMs', 'asc'],
  ['durationMs', 'desc'],
])('by %s %s, page 1,000 of 100,000 looks at as many blocks as page 1', async (field, way) => {
  const orderBy = [{ [field]: way }, { id: way }];
  const column = { createdAt: 'created_at', title: 'title' }[field] ?? 'duration_ms';
  const { rows } = await database.pool.query(
    `select id from uploads where workspace_id = $1 order by ${column} ${way}, id ${way} offset 19979 limit 1`,
    [tenant.workspaceId],
  );
  const last = z.tuple([z.object({ id: z.string() })]).parse(rows)[0].id;
  const [first, thousandth] = [await blocksOf(orderBy, null), await blocksOf(orderBy, last)];
  // The row behind which the page begins is looked up by its key; the rows of a page may lie in as many blocks as they are.
  expect(thousandth).toBeLessThanOrEqual(first + 25);
  expect(first).toBeLessThan(60);
});
