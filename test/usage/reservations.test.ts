import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database, Tx } from '#base/database.ts';
import { periodOf } from '#usage/meters.ts';
import { type Plan, planNamed } from '#usage/plans.ts';
import { holdPlan } from '#usage/quota.ts';
import { reserve, reserveSubject, settle } from '#usage/reservations.ts';
import { useOf } from '#usage/use.ts';
import { openTestDatabase } from '../support/database.ts';
import { seedRun, seedTenant, seedUpload, type Tenant } from '../support/seed.ts';

const minute = 60_000;
let database: Database & AsyncDisposable;
let tenant: Tenant;
let runId: string;

beforeAll(async () => {
  database = await openTestDatabase();
  tenant = await seedTenant(database, 'analytical');
  await database.prisma.workspace.update({ where: { id: tenant.workspaceId }, data: { plan: 'free' } });
});
afterAll(() => database[Symbol.asyncDispose]());

/** A run whose cuts may take ten minutes of the plan's sixty. */
beforeEach(async () => {
  await database.prisma.upload.deleteMany();
  runId = await seedRun(database, tenant, await seedUpload(database, tenant));
  await held((tx, plan) => reserve(tx, { run: run(), plan, wanted: { cut: { RENDERED_MINUTES: 10 * minute } } }));
});

const run = () => ({ id: runId, workspaceId: tenant.workspaceId });

const held = <T>(body: (tx: Tx, plan: Plan) => Promise<T>): Promise<T> =>
  database.prisma.$transaction(async (tx) => body(tx, (await holdPlan(tx, tenant.workspaceId)) ?? planNamed('free')));

const takes = (id: string, minutes: number) =>
  held((tx, plan) => {
    const wanted = { RENDERED_MINUTES: minutes * minute };
    return reserveSubject(tx, { run: run(), plan, stageRun: { id, stage: 'cut' }, wanted });
  });

const ends = (id: string) => held((tx) => settle(tx, { id, runId, stage: 'cut', repeats: true }));

const reservedMinutes = () =>
  held(async (tx) => (await useOf(tx, tenant.workspaceId, periodOf(new Date()))).RENDERED_MINUTES.reserved / minute);

test('subjects of a stage have their parts of what it reserved, and more only beyond that', async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  await takes(first, 7);
  expect(await reservedMinutes()).toBe(10);
  await takes(second, 7);
  expect(await reservedMinutes(), 'both work beside each other').toBe(14);
  await ends(first);
  expect(await reservedMinutes()).toBe(7);
  await ends(second);
  expect(await reservedMinutes()).toBe(0);
});

test('a subject that takes its part again has it once', async () => {
  const id = randomUUID();
  await takes(id, 30);
  await takes(id, 30);
  expect(await reservedMinutes()).toBe(30);
  await takes(id, 4);
  await takes(randomUUID(), 26);
  expect(await reservedMinutes(), 'what it does not take any more is for the others').toBe(30);
});

test('a subject for which the plan has no room is refused, and what was reserved stays', async () => {
  await takes(randomUUID(), 50);
  await expect(takes(randomUUID(), 11)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
  expect(await reservedMinutes()).toBe(50);
  await takes(randomUUID(), 10);
  expect(await reservedMinutes()).toBe(60);
});
