import { Client } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Database } from '#base/database.ts';
import { openStandings, type Place, type Standing, type Standings } from '#feed/standing.ts';
import { openTestDatabase } from '../support/database.ts';
import { seedTenant, type Tenant } from '../support/seed.ts';

let database: Database;
let client: Client;
let count = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database[Symbol.asyncDispose]();
});

const newTenant = () => seedTenant(database, `tenant-${(count += 1)}`);
const placeOf = (tenant: Tenant): Place => ({ ...tenant, keyId: null, admin: false });

/** What each place is told at one look. */
const lookAt = (...places: Place[]) => lookIn(openStandings(), places);

async function lookIn(standings: Standings, places: readonly Place[]): Promise<(Standing | null | undefined)[]> {
  const told: (Standing | null | undefined)[] = places.map(() => undefined);
  places.forEach((place, at) =>
    standings.watch(place, (standing) => {
      told[at] = standing;
    }),
  );
  await standings.look(client);
  return told;
}

async function newKey({ workspaceId, userId }: Tenant, more: { expiresAt?: Date; role?: 'VIEWER' | 'OWNER' } = {}) {
  const prefix = `ofp_${(count += 1)}`;
  const { id } = await database.prisma.apiKey.create({
    data: {
      workspaceId,
      createdById: userId,
      name: 'key',
      prefix,
      tokenHash: Buffer.from(prefix),
      scopes: ['read'],
      role: 'OWNER',
      expiresAt: new Date(Date.now() + 60_000),
      ...more,
    },
  });
  return id;
}

test('a member is told their role as it is now, and somebody who is none that nothing is left', async () => {
  const [ada, eve] = [await newTenant(), await newTenant()];
  const foreign = { ...placeOf(ada), userId: eve.userId };
  expect(await lookAt(placeOf(ada), placeOf(ada), foreign)).toEqual([{ role: 'OWNER' }, { role: 'OWNER' }, null]);
  await database.prisma.workspaceMembership.updateMany({ where: ada, data: { role: 'VIEWER' } });
  expect(await lookAt(placeOf(ada))).toEqual([{ role: 'VIEWER' }]);
  await database.prisma.workspaceMembership.deleteMany({ where: ada });
  expect(await lookAt(placeOf(ada))).toEqual([null]);
});

test('nothing is left of a person who is gone, nor in a workspace that is gone', async () => {
  const [ada, bob] = [await newTenant(), await newTenant()];
  await database.prisma.user.delete({ where: { id: ada.userId } });
  await database.prisma.workspace.delete({ where: { id: bob.workspaceId } });
  expect(await lookAt(placeOf(ada), { ...placeOf(ada), admin: true }, placeOf(bob))).toEqual([null, null, null]);
});

test('an admin of the deployment needs no membership', async () => {
  const [ada, eve] = [await newTenant(), await newTenant()];
  expect(await lookAt({ ...placeOf(ada), userId: eve.userId, admin: true })).toEqual([{ role: null }]);
});

test('a key counts until it expires or is revoked, and never has more than its maker or than it was given', async () => {
  const ada = await newTenant();
  const [good, weak, old, revoked] = [
    await newKey(ada),
    await newKey(ada, { role: 'VIEWER' }),
    await newKey(ada, { expiresAt: new Date(Date.now() - 1) }),
    await newKey(ada),
  ];
  await database.prisma.apiKey.update({ where: { id: revoked }, data: { revokedAt: new Date() } });
  const places = [good, weak, old, revoked].map((keyId) => ({ ...placeOf(ada), keyId }));
  expect(await lookAt(...places)).toEqual([{ role: 'OWNER' }, { role: 'VIEWER' }, null, null]);
  await database.prisma.workspaceMembership.updateMany({ where: ada, data: { role: 'EDITOR' } });
  expect(await lookAt(...places)).toEqual([{ role: 'EDITOR' }, { role: 'VIEWER' }, null, null]);
});

test('a membership by an organisation counts for a day after it was said, and for good where its end is told', async () => {
  const [late, lately, here] = [await newTenant(), await newTenant(), await newTenant()];
  const said = (where: Tenant, hoursAgo: number) =>
    database.prisma.workspaceMembership.updateMany({
      where,
      data: { knownAt: new Date(Date.now() - hoursAgo * 3_600_000) },
    });
  await said(late, 25);
  await said(lately, 23);
  const places = [placeOf(late), { ...placeOf(late), keyId: await newKey(late) }, placeOf(lately), placeOf(here)];
  const owner = { role: 'OWNER' };
  expect(await lookAt(...places)).toEqual([null, null, owner, owner]);
  expect(await lookIn(openStandings(true), places)).toEqual([owner, owner, owner, owner]);
});

test('a thousand followers are one statement, and none of them is asked about when there are none', async () => {
  const ada = placeOf(await newTenant());
  const asked = vi.spyOn(client, 'query');
  const standings = openStandings();
  await standings.look(client);
  const stops = Array.from({ length: 1_000 }, () => standings.watch(ada, () => {}));
  expect([standings.countOf(ada.userId), standings.countOf('nobody')]).toEqual([1_000, 0]);
  await standings.look(client);
  stops.forEach((stop) => stop());
  stops.forEach((stop) => stop());
  expect(standings.countOf(ada.userId)).toBe(0);
  await standings.look(client);
  expect(asked.mock.calls).toMatchObject([[{ values: [[ada.userId], [ada.workspaceId], [null], [false]] }]]);
  asked.mockRestore();
});

test('a database that does not answer tells nobody anything', async () => {
  const standings = openStandings();
  const told: unknown[] = [];
  standings.watch(placeOf(await newTenant()), (standing) => told.push(standing));
  const gone = new Client({ connectionString: database.url });
  await gone.connect();
  await gone.end();
  await expect(standings.look(gone)).rejects.toThrow('Client was closed');
  expect(told).toEqual([]);
});
