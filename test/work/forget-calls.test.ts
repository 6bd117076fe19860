import { expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { sweepModelCalls } from '#work/forget-calls.ts';
import { openTestDatabase } from '../support/database.ts';
import { seedTenant, seedUpload, type Tenant } from '../support/seed.ts';

const now = new Date('2026-11-21T12:00:00Z');
const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);

/** Answers of 100 bytes, one an hour, the newest one an hour old; gives their ids, newest first. */
async function seedCalls(
  { prisma }: Database,
  { workspaceId, uploadId }: { workspaceId: string; uploadId: string },
  { count, expiresAt }: { count: number; expiresAt: Date },
): Promise<string[]> {
  const rows = await prisma.modelCall.createManyAndReturn({
    data: Array.from({ length: count }, (_, at) => ({
      workspaceId,
      uploadId,
      expiresAt,
      callKey: crypto.randomUUID(),
      model: 'm',
      purpose: 'moments',
      answer: {},
      answerBytes: 100,
      consumed: {},
      costMicros: 0,
      latencyMs: 1,
      createdAt: hoursAgo(at + 1),
    })),
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

const placeOf = async (database: Database, tenant: Tenant) => ({
  workspaceId: tenant.workspaceId,
  uploadId: await seedUpload(database, tenant),
});

const left = async ({ prisma }: Database) => new Set((await prisma.modelCall.findMany()).map(({ id }) => id));

test('answers go when they expire, and the oldest ones of a workspace that keeps too many', async () => {
  await using database = await openTestDatabase();
  const full = await placeOf(database, await seedTenant(database, 'full'));
  const small = await placeOf(database, await seedTenant(database, 'small'));
  const later = hoursAgo(-1);
  const many = await seedCalls(database, full, { count: 8, expiresAt: later });
  const few = await seedCalls(database, small, { count: 4, expiresAt: later });
  await seedCalls(database, small, { count: 3, expiresAt: hoursAgo(0.5) });
  const env = { MODEL_CALL_MAX_BYTES: 500 };
  expect(await sweepModelCalls(database.prisma, env, now)).toBe(6);
  expect(await left(database)).toEqual(new Set([...many.slice(0, 5), ...few]));
  expect(await sweepModelCalls(database.prisma, env, now)).toBe(0);
});

test('a sweep takes at most 500 at once', async () => {
  await using database = await openTestDatabase();
  const place = await placeOf(database, await seedTenant(database, 'full'));
  await seedCalls(database, place, { count: 620, expiresAt: hoursAgo(0.5) });
  const env = { MODEL_CALL_MAX_BYTES: 1_000_000 };
  const swept = [];
  for (let count = -1; count !== 0; swept.push(count)) count = await sweepModelCalls(database.prisma, env, now);
  expect(swept).toEqual([500, 120, 0]);
});
