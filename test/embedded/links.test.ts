import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { openTestDatabase } from '../support/database.ts';
import { seedDerived, seedTenant, seedUpload } from '../support/seed.ts';

let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const tenantWithWork = async (name: string) => {
  const tenant = await seedTenant(database, name);
  const uploadId = await seedUpload(database, tenant);
  return { ...tenant, uploadId, rows: await seedDerived(database, tenant, { uploadId }) };
};

test('every link names the workspace of both rows, save those to people, to workspaces, and from what has none', async () => {
  const { rows } = await database.pool.query<{ link: string }>(
    `select c.conrelid::regclass || '.' || string_agg(own.attname, ',') || ' ' || c.confrelid::regclass as link
     from pg_constraint c, unnest(c.conkey, c.confkey) key (own, other)
     join lateral (select attname from pg_attribute where attrelid = c.conrelid and attnum = key.own) own on true
     join lateral (select attname from pg_attribute where attrelid = c.confrelid and attnum = key.other) other on true
     where c.contype = 'f' and c.connamespace = 'public'::regnamespace
       and c.confrelid not in ('users'::regclass, 'workspaces'::regclass)
     group by c.oid, c.conrelid, c.confrelid
     having not bool_or(own.attname = 'workspace_id' and other.attname = 'workspace_id')
     order by 1`,
  );
  // An attempt stands in nothing but its delivery, which names the workspace.
  expect(rows.map(({ link }) => link)).toEqual(['webhook_attempts.delivery_id webhook_deliveries']);
});

test('a link that is emptied with its row empties its own column and never the workspace', async () => {
  const { rows } = await database.pool.query<{ link: string }>(
    `select c.conrelid::regclass || ' ' || c.conname as link from pg_constraint c
     where c.contype = 'f' and c.connamespace = 'public'::regnamespace and c.confdeltype = 'n'
       and array_length(c.conkey, 1) > 1 and c.confdelsetcols is distinct from c.conkey[2:2]`,
  );
  expect(rows).toEqual([]);
});

test('a link to a row of another workspace cannot be stored', async () => {
  const [own, other] = [await tenantWithWork('own'), await tenantWithWork('other')];
  const { pool } = database;
  const links = [
    pool.query('update clips set highlight_id = $2 where id = $1', [own.rows.Clip, other.rows.Highlight]),
    pool.query('update clips set poster_artifact_id = $2 where id = $1', [own.rows.Clip, other.rows.Artifact]),
    pool.query('update uploads set source_artifact_id = $2 where id = $1', [own.uploadId, other.rows.Artifact]),
    pool.query('update renditions set artifact_id = $2 where id = $1', [own.rows.Rendition, other.rows.Artifact]),
    pool.query('update contents set current_version_id = $2 where id = $1', [
      own.rows.Content,
      other.rows.ContentVersion,
    ]),
  ];
  const refused = await Promise.allSettled(links);
  const reasons = refused.map((one) => (one.status === 'rejected' ? String(one.reason) : 'stored'));
  expect(reasons.filter((reason) => !reason.includes('violates foreign key constraint'))).toEqual([]);
});

test('a row that goes leaves those that pointed at it in their workspace', async () => {
  const { workspaceId, rows } = await tenantWithWork('leaving');
  const { prisma } = database;
  await prisma.clip.update({ where: { id: rows.Clip }, data: { posterArtifactId: rows.Artifact } });
  await prisma.artifact.delete({ where: { id: rows.Artifact } });
  const clip = await prisma.clip.findUniqueOrThrow({ where: { id: rows.Clip } });
  expect(clip).toMatchObject({ workspaceId, posterArtifactId: null });
});
