import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { forgetOldSteps, mostSteps } from '#domain/edits/kept-steps.ts';
import { openTestDatabase } from '../../support/database.ts';
import { seedTalk } from '../../support/edited-talk.ts';
import { seedTenant, type Tenant } from '../../support/seed.ts';

let database: Database;
let tenant: Tenant;
beforeAll(async () => {
  database = await openTestDatabase();
  tenant = await seedTenant(database, 'ada');
});
afterAll(() => database[Symbol.asyncDispose]());

/** A transcript with so many edits, each of so many bytes that nothing can press. */
async function edited({ edits, bytes }: { edits: number; bytes: number }): Promise<string> {
  const { workspaceId } = tenant;
  const { transcriptId } = await seedTalk(database, tenant);
  const side = () => ({ hunks: [], speakers: [], ballast: randomBytes((bytes * 3) / 8).toString('base64') });
  const own = { workspaceId, transcriptId, summary: '1 text changed', operations: [] };
  await database.prisma.transcriptEdit.createMany({
    data: Array.from({ length: edits }, (_, at) => ({ ...own, revision: at + 2, before: side(), after: side() })),
  });
  return transcriptId;
}

/** Revisions of the edits that can still be undone. */
async function kept(transcriptId: string): Promise<number[]> {
  const { rows } = await database.pool.query<{ revision: number }>(
    'select revision from transcript_edits where transcript_id = $1 and before is not null order by revision',
    [transcriptId],
  );
  return rows.map(({ revision }) => revision);
}

test('of a transcript the newest hundred edits can be undone; of older ones it stays what they did', async () => {
  const transcriptId = await edited({ edits: mostSteps + 1, bytes: 100 });
  await forgetOldSteps(database.prisma, transcriptId);
  expect(await kept(transcriptId)).toEqual(Array.from({ length: mostSteps }, (_, at) => at + 3));
  const oldest = { transcriptId_revision: { transcriptId, revision: 2 } };
  expect(await database.prisma.transcriptEdit.findUnique({ where: oldest })).toMatchObject({
    summary: '1 text changed',
    operations: null,
    after: null,
  });
});

test('large edits are kept as far as sixteen mebibytes hold, the newest in any case', async () => {
  const transcriptId = await edited({ edits: 4, bytes: 6_000_000 });
  await forgetOldSteps(database.prisma, transcriptId);
  expect(await kept(transcriptId)).toEqual([4, 5]);
});

test('the newest edit is kept whatever its size', async () => {
  const transcriptId = await edited({ edits: 2, bytes: 18_000_000 });
  await forgetOldSteps(database.prisma, transcriptId);
  expect(await kept(transcriptId)).toEqual([3]);
});
