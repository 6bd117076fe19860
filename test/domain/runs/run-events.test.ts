import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { eventCursor } from '#graph/ids.ts';
import { openDrivenRun } from '../../support/driven-run.ts';
import { eventually } from '../../support/eventually.ts';
import { type House, openHouse, type SeenEvent } from '../../support/house.ts';
import { seedTenant, type Tenant, tenantOf } from '../../support/seed.ts';
import { spawnServer } from '../../support/spawned-server.ts';

const cursorDocument = graphql(`
  query CursorOfRun($id: ID!) {
    node(id: $id) {
      __typename
      ... on Run { eventCursor status }
    }
  }
`);

let house: House;
let tenant: Tenant;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  tenant = await tenantOf(house.database, 'analytical');
});
afterAll(() => house[Symbol.asyncDispose]());

const open = () => openDrivenRun(house.database, tenant);
const numbersOf = (events: readonly SeenEvent[]) => events.map(({ sequence }) => sequence);

async function cursorOf(runId: string): Promise<string> {
  const { data } = await house.send(cursorDocument, { id: runId });
  return data.node?.__typename === 'Run' ? data.node.eventCursor : '';
}

describe('runEvents', () => {
  test('begins with a snapshot, goes on without a gap, and ends by itself', async () => {
    await using run = await open();
    const begun = Promise.withResolvers<void>();
    const following = house.follow(run.globalId, {
      until: () => {
        begun.resolve();
        return false;
      },
    });
    await begun.promise;
    await run.begin();
    for (const percent of [25, 50, 75]) await run.tell(percent);
    await run.finish();
    const events = await following;
    expect(events[0]).toMatchObject({ __typename: 'RunSnapshotEvent', run: { status: 'QUEUED' } });
    expect(numbersOf(events)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(events.at(-1)).toMatchObject({ __typename: 'RunStatusEvent', runStatus: 'SUCCEEDED', isFinal: true });
    const progress = events.flatMap((event) => (event.__typename === 'StageProgressEvent' ? [event.runProgress] : []));
    expect(progress).toEqual([0.25, 0.5, 0.75]);
  });

  test('of a run that has ended is one snapshot and the end', async () => {
    await using run = await open();
    await run.begin();
    await run.finish();
    const events = await house.follow(run.globalId);
    expect(events).toMatchObject([{ __typename: 'RunSnapshotEvent', run: { status: 'SUCCEEDED', progress: 1 } }]);
  });

  test('after the cursor of a query has no snapshot and no gap', async () => {
    await using run = await open();
    await run.begin();
    await run.tell(30);
    const after = await cursorOf(run.globalId);
    await run.tell(60);
    await run.finish();
    const events = await house.follow(run.globalId, { after });
    expect(numbersOf(events)).toEqual([6, 7, 8]);
    expect(events[0]).toMatchObject({ __typename: 'StageProgressEvent', runProgress: 0.6 });
  });

  test('after the cursor of any event goes on exactly behind it', async () => {
    await using run = await open();
    await run.begin();
    await run.tell(30);
    await run.finish();
    const whole = await house.follow(run.globalId, { after: eventCursor(run.runId, 0) });
    for (const [at, { cursor }] of whole.entries()) {
      expect(await house.follow(run.globalId, { after: cursor })).toEqual(whole.slice(at + 1));
    }
  });

  test('is given up by a client in the middle, and nobody follows any more', async () => {
    await using run = await open();
    await house.follow(run.globalId, { until: () => true });
    await eventually(() => expect(house.server.feed.size).toBe(0));
  });
});

describe('a cursor that is not of this run', () => {
  test.each([
    ['garbage', async () => 'garbage'],
    ['from another run', async () => eventCursor(crypto.randomUUID(), 1)],
    ['from the future', async (runId: string) => eventCursor(runId, 3)],
    ['before the beginning', async (runId: string) => eventCursor(runId, -1)],
    ['of no number', async (runId: string) => Buffer.from(`${runId}:`).toString('base64url')],
    ['of a broken number', async (runId: string) => Buffer.from(`${runId}:1.5`).toString('base64url')],
    ['of a number and more', async (runId: string) => Buffer.from(`${runId}:1:2`).toString('base64url')],
  ])('(%s) is refused', async (_what, cursor) => {
    await using run = await open();
    const after = await cursor(run.runId);
    await expect(house.follow(run.globalId, { after })).rejects.toThrow('The cursor does not belong to this run.');
    expect(house.server.feed.size).toBe(0);
  });
});

describe('a run that the caller may not see', () => {
  test('is not found, as one that does not exist or an id that is none', async () => {
    const stranger = await seedTenant(house.database, 'stranger');
    await using theirs = await openDrivenRun(house.database, stranger);
    const ids = [theirs.globalId, globalId('Run', crypto.randomUUID()), 'nonsense', '', house.workspaceId];
    for (const runId of ids) {
      await expect(house.follow(runId)).rejects.toThrow(/^The run was not found\.$/);
      await expect(house.follow(runId, { after: eventCursor(theirs.runId, 1) })).rejects.toThrow('was not found');
    }
    expect(house.server.feed.size).toBe(0);
  });
});

test('two API processes tell their followers the same', async () => {
  await using run = await open();
  await using other = spawnServer({ DATABASE_URL: house.database.url, OFFPRINT_HOME: house.home });
  const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const following = [house.url, await other.url].map((at, which) =>
    house.follow(run.globalId, {
      at,
      until: () => {
        begun[which]?.resolve();
        return false;
      },
    }),
  );
  await Promise.all(begun.map(({ promise }) => promise));
  await run.begin();
  for (const percent of [10, 20, 30]) await run.tell(percent);
  await run.finish();
  const [here, there] = await Promise.all(following);
  expect(here?.map(({ sequence }) => sequence)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  expect(there).toEqual(here);
});
