import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { Database } from '#base/database.ts';
import { delegateName, readsOf } from '#graph/reads/reads.ts';
import { type Table, type Tables, tablesOf } from '#graph/reads/tables.ts';
import { openTestDatabase } from '../../support/database.ts';
import { seedDerived, seedRun, seedTenant, seedUpload, seedWebhook, type Tenant } from '../../support/seed.ts';

let database: Database;
let tables: Tables;
let reads: Database['prisma'];
const tenants: Tenant[] = [];
const uploads: string[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  tables = tablesOf(database.prisma);
  reads = readsOf(database);
  for (const name of ['first', 'second']) {
    const tenant = await seedTenant(database, name);
    tenants.push(tenant);
    await seedWebhook(database, tenant);
    for (const [at, title] of ['Über uns', 'A talk', 'a talk', '100 % "quoted"'].entries()) {
      const uploadId = await seedUpload(database, tenant, { title, durationMs: at === 2 ? null : 1000 * at });
      uploads.push(uploadId);
      await seedDerived(database, tenant, { uploadId, clips: at });
      await seedRun(database, tenant, uploadId);
    }
  }
});
afterAll(() => database[Symbol.asyncDispose]());

/** What both ways of reading are asked for. */
interface Question {
  readonly model: string;
  readonly query: Readonly<Record<string, unknown>>;
}

type Find = (query: unknown) => Promise<unknown>;

function delegate(client: object, model: string): Record<'findMany' | 'findFirst', Find> {
  const found: Record<'findMany' | 'findFirst', Find> = Reflect.get(client, delegateName(model));
  return found;
}

/** Keys by which rows of a table can be put in an order that nothing leaves open. */
const orderOf = ({ keys, columns }: Table): string[] =>
  columns.has('id') ? ['id'] : [...([...keys.values()].find((key) => key.length > 0) ?? [])];

/** A random query of a table: some columns, and some of what is related, a few levels down. */
function queries(table: Table, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const columns = fc.subarray([...table.columns.keys()], { minLength: 1 });
  const relations = [...table.relations.keys()];
  const related = fc.subarray(relations, { maxLength: depth === 0 ? 0 : Math.min(3, relations.length) });
  const direction = fc.constantFrom('asc', 'desc');
  const lists = [...table.relations.values()].filter(({ list }) => list).map(({ field }) => field);
  return fc
    .record({
      columns,
      related,
      direction,
      take: fc.constantFrom(undefined, 0, 1, 2, -1, -2, 5),
      counted: fc.subarray(lists),
    })
    .chain(({ columns, related, direction, take, counted }) =>
      fc.record(Object.fromEntries(related.map((field) => [field, belowOf(table, field, depth - 1)]))).map((below) => ({
        select: {
          ...Object.fromEntries(columns.map((field) => [field, true])),
          ...below,
          ...(counted.length > 0 && { _count: { select: Object.fromEntries(counted.map((field) => [field, true])) } }),
        },
        orderBy: orderOf(table).map((field) => ({ [field]: direction })),
        ...(take !== undefined && { take }),
      })),
    );
}

function belowOf(table: Table, field: string, depth: number): fc.Arbitrary<unknown> {
  const relation = table.relations.get(field);
  const other = tables.get(relation?.model ?? '');
  if (!relation || !other) throw new Error(field);
  return queries(other, depth).map((query) => (relation.list ? query : { select: query.select }));
}

const questions = (): fc.Arbitrary<Question> =>
  fc
    .constantFrom(...tables.values())
    .chain((table) => queries(table, 3).map((query) => ({ model: table.model, query })));

test('reads what the typed client reads, whatever is selected', async () => {
  await fc.assert(
    fc.asyncProperty(questions(), async ({ model, query }) => {
      const [own, typed] = [delegate(reads, model), delegate(database.prisma, model)];
      expect(await own.findMany(query)).toEqual(await typed.findMany(query));
    }),
    { numRuns: 150 },
  );
});

test('links rows as the foreign keys of the database do', async () => {
  const { rows } = await database.pool.query<{ link: string }>(
    `select c.conrelid::regclass || ' ' || (select string_agg(a.attname || '=' || f.attname, ',' order by a.attname)
        from unnest(c.conkey, c.confkey) k(own, other)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.own
        join pg_attribute f on f.attrelid = c.confrelid and f.attnum = k.other)
      || ' ' || c.confrelid::regclass as link
     from pg_constraint c where contype = 'f' and c.connamespace = 'public'::regnamespace`,
  );
  const keys = new Set(rows.map(({ link }) => link));
  const column = (table: Table, field: string) => table.columns.get(field)?.sql.replaceAll('"', '') ?? field;
  const link = (table: Table, other: Table, pairs: readonly { own: string; other: string }[]) =>
    `${table.sql} ${pairs
      .map((pair) => `${column(table, pair.own)}=${column(other, pair.other)}`)
      .toSorted()
      .join(',')} ${other.sql}`.replaceAll('"', '');
  for (const table of tables.values()) {
    for (const { model, link: pairs, field } of table.relations.values()) {
      const other = tables.get(model);
      if (!other) throw new Error(model);
      const backward = pairs.map((pair) => ({ own: pair.other, other: pair.own }));
      const found = keys.has(link(table, other, pairs)) || keys.has(link(other, table, backward));
      expect(found, `${table.model}.${field}`).toBe(true);
    }
  }
});

describe('a list in pages', () => {
  const orders = [
    [{ createdAt: 'desc' }, { id: 'desc' }],
    [{ createdAt: 'asc' }, { id: 'desc' }],
    [{ title: 'asc' }, { id: 'asc' }],
    [{ durationMs: 'asc' }, { id: 'asc' }],
    [{ durationMs: 'desc' }, { id: 'desc' }],
    [{ durationMs: 'desc' }, { id: 'asc' }],
  ] as const;

  test.each(orders)('is the whole list, forwards and backwards, in the order %j, %j', async (...orderBy) => {
    const all = await uploadsOf({ orderBy: [...orderBy] });
    expect(all).toHaveLength(4);
    for (const take of [1, -1, 3]) {
      const seen: string[] = [];
      for (;;) {
        const last = take < 0 ? seen[0] : seen.at(-1);
        const page = await uploadsOf({ orderBy: [...orderBy], take, ...(last && { cursor: { id: last }, skip: 1 }) });
        if (page.length === 0) break;
        seen[take < 0 ? 'unshift' : 'push'](...page);
      }
      expect(seen).toEqual(all);
    }
  });

  async function uploadsOf(page: Readonly<Record<string, unknown>>): Promise<string[]> {
    const row = await delegate(reads, 'Workspace').findFirst({
      where: { id: tenants[0]?.workspaceId },
      select: { uploads: { ...page, select: { id: true } } },
    });
    return z
      .object({ uploads: z.array(z.object({ id: z.string() })) })
      .parse(row)
      .uploads.map(({ id }) => id);
  }

  test('shows nothing behind a row of another workspace', async () => {
    const foreign = uploads.at(-1) ?? '';
    const orderBy = [{ createdAt: 'asc' }, { id: 'asc' }];
    expect(await uploadsOf({ orderBy, cursor: { id: foreign }, skip: 1 })).toEqual([]);
    expect(await uploadsOf({ orderBy: orderBy.map(() => ({ id: 'desc' })), cursor: { id: foreign } })).toEqual([]);
  });
});

describe('conditions', () => {
  const conditions: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['Upload', { title: { contains: 'TALK', mode: 'insensitive' } }],
    ['Upload', { title: { contains: 'Über' } }],
    ['Upload', { title: { contains: '100 \\% "', mode: 'insensitive' } }],
    ['Upload', { durationMs: null }],
    ['Upload', { durationMs: { not: null, gte: 1000, lt: 3000 } }],
    ['Upload', { OR: [{ title: 'A talk' }, { durationMs: { gt: 1000 } }], status: { in: ['READY', 'EXPIRED'] } }],
    ['Upload', { AND: [{ title: 'A talk' }, { workspace: { slug: 'first' } }] }],
    ['Upload', { status: { in: [] } }],
    ['Upload', { createdAt: { lt: new Date(0) } }],
    ['User', { memberships: { some: { workspace: { slug: 'second' } } } }],
    // Not known to a flat read, and so left to the typed client.
    ['Upload', { NOT: { title: 'A talk' } }],
    ['Upload', { title: { startsWith: 'A' } }],
    ['User', { memberships: { none: {} } }],
  ];

  test.each(conditions)('of %s are understood as the typed client understands them: %j', async (model, where) => {
    const query = { where, orderBy: { id: 'asc' }, select: { id: true } };
    expect(await delegate(reads, model).findMany(query)).toEqual(
      await delegate(database.prisma, model).findMany(query),
    );
  });
});

test('one row is found, or missed in the words of the typed client', async () => {
  const [id = ''] = uploads;
  const select = { id: true, title: true } as const;
  expect(await reads.upload.findUnique({ where: { id }, select })).toEqual({ id, title: 'Über uns' });
  expect(await reads.upload.findUnique({ where: { id: crypto.randomUUID() }, select })).toBeNull();
  await expect(reads.upload.findUniqueOrThrow({ where: { id: crypto.randomUUID() } })).rejects.toMatchObject({
    code: 'P2025',
  });
});

test('takes one statement, and reads no column that is not selected', async () => {
  const texts: string[] = [];
  const query = vi.spyOn(database.pool, 'query');
  await reads.workspace.findMany({
    select: { uploads: { select: { title: true, clips: { select: { renditions: { select: { artifact: true } } } } } } },
  });
  for (const [asked] of query.mock.calls) texts.push(z.object({ text: z.string() }).parse(asked).text);
  query.mockRestore();
  expect(texts).toHaveLength(1);
  expect(texts[0]).not.toContain('"file_name"');
});
