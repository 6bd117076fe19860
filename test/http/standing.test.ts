import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { newKeyToken } from '#domain/keys/key-token.ts';
import { openDrivenRun } from '../support/driven-run.ts';
import { eventually } from '../support/eventually.ts';
import { type House, openHouse } from '../support/house.ts';
import { type Tenant, tenantOf } from '../support/seed.ts';
import { type Message, openRawSocket } from '../support/socket.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false });
});
afterAll(() => house[Symbol.asyncDispose]());

const query = 'subscription ($runId: ID!) { runEvents(runId: $runId) { sequence } }';
const activity = 'subscription ($id: ID!) { workspaceActivity(workspaceId: $id) { kind } }';
const subscribe = (id: string, text: string, variables: object) => ({
  id,
  type: 'subscribe',
  payload: { query: text, variables },
});

/** Somebody of their own, with a workspace of an organisation and their own one. */
async function newcomer(user: string) {
  const token = await house.keys.mint({ user, workspace: `${user}s` });
  const entering = await openRawSocket(house.url, token);
  await entering[Symbol.asyncDispose]();
  const tenant = await tenantOf(house.database, `${user}s`);
  return { token, tenant };
}

const leave = ({ workspaceId, userId }: Tenant) =>
  house.database.prisma.workspaceMembership.deleteMany({ where: { workspaceId, userId } });

/** A key of the member, as a program would bring it. */
async function newKey({ workspaceId, userId }: Tenant): Promise<string> {
  const { token, prefix, hash } = newKeyToken();
  const expiresAt = new Date(Date.now() + 60_000);
  const key = {
    name: 'program',
    prefix,
    tokenHash: hash,
    scopes: ['read' as const],
    role: 'OWNER' as const,
    expiresAt,
  };
  await house.database.prisma.apiKey.create({ data: { workspaceId, createdById: userId, ...key } });
  return token;
}

const forbidden = { payload: { data: { runEvents: null }, errors: [{ extensions: { code: 'FORBIDDEN' } }] } };

describe('a removed member', () => {
  test('is told FORBIDDEN on the socket within 5 s, then that is the end; what else they follow goes on', async () => {
    const { token, tenant } = await newcomer('bob');
    const own = await house.database.prisma.workspace.create({
      data: {
        externalId: 'made:bob',
        slug: 'made-bob',
        name: 'Made',
        memberships: { create: { userId: tenant.userId, role: 'OWNER' } },
      },
    });
    await using run = await openDrivenRun(house.database, tenant);
    await using other = await openDrivenRun(house.database, { ...tenant, workspaceId: own.id });
    await using socket = await openRawSocket(house.url, token);
    socket.send(subscribe('run', query, { runId: run.globalId }));
    socket.send(subscribe('other', query, { runId: other.globalId }));
    socket.send(subscribe('activity', activity, { id: globalId('Workspace', tenant.workspaceId) }));
    await Promise.all([socket.next('run'), socket.next('other')]);
    // Whoever asks anew is let in anew by what the token says.
    await eventually(() => expect(house.server.feed.size).toBe(3));
    const began = performance.now();
    await leave(tenant);
    expect(await socket.next('run')).toMatchObject(forbidden);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await socket.next('run')).toEqual({ id: 'run', type: 'complete' });
    // What happened just before may be told first: while anybody's transaction is open, reading begins behind it.
    let told = await socket.next('activity');
    while (JSON.stringify(told).includes('RUN_STARTED')) told = await socket.next('activity');
    expect(told).toMatchObject({ payload: { errors: [{ extensions: { code: 'FORBIDDEN' } }] } });
    await other.begin();
    expect(await socket.next('other')).toMatchObject({ payload: { data: { runEvents: { sequence: 3 } } } });
  });

  test('is told the same over server-sent events', async () => {
    const { token, tenant } = await newcomer('eve');
    await using run = await openDrivenRun(house.database, tenant);
    const response = await fetch(`${house.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { runId: run.globalId } }),
    });
    await leave(tenant);
    const events = (await response.text()).split('\n').filter((line) => line.startsWith('data: {'));
    expect(events).toHaveLength(2);
    expect({ payload: JSON.parse(events[1]?.slice(6) ?? '') }).toMatchObject(forbidden);
  });

  test('is not told what happened while nobody had noticed yet, however much waits', async () => {
    const { token, tenant } = await newcomer('mallory');
    await using run = await openDrivenRun(house.database, tenant);
    await using socket = await openRawSocket(house.url, token);
    socket.send(subscribe('run', query, { runId: run.globalId }));
    await socket.next('run');
    await house.database.prisma.user.delete({ where: { id: tenant.userId } });
    const last: Message[] = [];
    for (let message = await socket.next('run'); message.type === 'next'; message = await socket.next('run')) {
      last.push(message);
    }
    expect(last).toMatchObject([forbidden]);
  });
});

test('a program is told the same when its key is revoked, and can do nothing more on its socket', async () => {
  const { tenant } = await newcomer('trudy');
  await using run = await openDrivenRun(house.database, tenant);
  await using socket = await openRawSocket(house.url, await newKey(tenant));
  socket.send(subscribe('run', query, { runId: run.globalId }));
  expect(await socket.next('run')).toMatchObject({ payload: { data: { runEvents: { sequence: 2 } } } });
  await house.database.prisma.apiKey.updateMany({
    where: { createdById: tenant.userId },
    data: { revokedAt: new Date() },
  });
  expect(await socket.next('run')).toMatchObject(forbidden);
  socket.send(subscribe('again', query, { runId: run.globalId }));
  expect(await socket.next('again')).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'FORBIDDEN' } }] });
});
