import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { globalId } from '#base/global-id.ts';
import { activityCursor } from '#graph/ids.ts';
import { tellWorkspace } from '#pipeline/activity.ts';
import { eventually } from '../../support/eventually.ts';
import { announce, finalize, type House, openHouse, sampleTalk, sendBytes } from '../../support/house.ts';
import { seedTenant } from '../../support/seed.ts';
import { openRawSocket, type RawSocket } from '../../support/socket.ts';

const query = `subscription ($workspaceId: ID!, $after: EventCursor) {
  workspaceActivity(workspaceId: $workspaceId, after: $after) {
    cursor kind actor { displayName } subject { __typename id }
  }
}`;

const activity = z.object({
  cursor: z.string(),
  kind: z.string(),
  actor: z.object({ displayName: z.string() }).nullable(),
  subject: z.object({ __typename: z.string(), id: z.string() }).nullable(),
});
const told = z.object({ data: z.object({ workspaceActivity: activity }) });

let house: House;
let socket: RawSocket;
let rowId: string;

beforeAll(async () => {
  house = await openHouse();
  socket = await openRawSocket(house.url, house.token);
  ({ id: rowId } = await house.database.prisma.workspace.findFirstOrThrow({ where: { slug: 'analytical' } }));
});
afterAll(async () => {
  await socket[Symbol.asyncDispose]();
  await house[Symbol.asyncDispose]();
});

/** Begins a subscription; what `next` gives is its next activity. */
function subscribe(after: string | null = null, workspaceId = house.workspaceId) {
  const id = crypto.randomUUID();
  socket.send({ type: 'subscribe', id, payload: { query, variables: { workspaceId, after } } });
  return {
    next: async () => told.parse((await socket.next(id)).payload).data.workspaceActivity,
    refusal: async () => {
      const { type, payload } = await socket.next(id);
      return { type, payload };
    },
    leave: () => socket.send({ type: 'complete', id }),
  };
}

const tell = () => {
  const subject = { type: 'Run', id: crypto.randomUUID() };
  return tellWorkspace(house.database.prisma, { workspaceId: rowId, kind: 'RUN_STARTED', actorId: null, subject });
};

describe('the activity of a workspace', () => {
  test('tells of an upload and its run from beginning to end, with who did it', async () => {
    const following = subscribe();
    await eventually(() => expect(house.server.feed.size).toBe(1));
    const uploadId = await sendBytes(house, await sampleTalk());
    const { run } = await finalize(house, uploadId);
    const seen = [];
    while (seen.length < 4) seen.push(await following.next());
    const [ada, upload] = [{ displayName: 'ada' }, { __typename: 'Upload', id: uploadId }];
    const runSubject = { __typename: 'Run', id: run?.id };
    expect(seen).toMatchObject([
      { kind: 'UPLOAD_CREATED', actor: ada, subject: upload },
      { kind: 'RUN_STARTED', actor: ada, subject: runSubject },
      { kind: 'UPLOAD_READY', actor: null, subject: upload },
      { kind: expect.any(String), actor: null },
    ]);
    following.leave();
    const resumed = subscribe(seen[1]?.cursor);
    expect([await resumed.next(), await resumed.next()]).toEqual(seen.slice(2));
    resumed.leave();
    await eventually(() => expect(house.server.feed.size).toBe(0));
  });

  test('tells of bytes that are no recording', async () => {
    const following = subscribe();
    await eventually(() => expect(house.server.feed.size).toBe(1));
    const uploadId = await sendBytes(house, Buffer.from('no recording at all'));
    await finalize(house, uploadId);
    const kinds = new Set<string>();
    while (kinds.size < 4) kinds.add((await following.next()).kind);
    expect(kinds).toEqual(new Set(['UPLOAD_CREATED', 'RUN_STARTED', 'UPLOAD_REJECTED', 'RUN_FINISHED']));
    following.leave();
    await eventually(() => expect(house.server.feed.size).toBe(0));
  });

  test('has no subject once that is gone', async () => {
    const following = subscribe();
    await eventually(() => expect(house.server.feed.size).toBe(1));
    await tell();
    expect(await following.next()).toMatchObject({ kind: 'RUN_STARTED', actor: null, subject: null });
    following.leave();
    await eventually(() => expect(house.server.feed.size).toBe(0));
  });

  test('begins anew, and says so, behind a cursor that is too old', async () => {
    const old = (Date.now() - 25 * 60 * 60 * 1000).toString(16).padStart(12, '0');
    const id = `${old.slice(0, 8)}-${old.slice(8)}-7000-8000-000000000000`;
    const following = subscribe(activityCursor(rowId, { transactionId: 1n, id }));
    const reset = await following.next();
    expect(reset).toMatchObject({ kind: 'STREAM_RESET', actor: null, subject: null });
    await tell();
    const after = await following.next();
    expect(after.kind).toBe('RUN_STARTED');
    following.leave();
    const resumed = subscribe(reset.cursor);
    expect(await resumed.next()).toEqual(after);
    resumed.leave();
    await eventually(() => expect(house.server.feed.size).toBe(0));
  });

  test.each([
    ['garbage', () => 'garbage'],
    ['of another workspace', () => activityCursor(crypto.randomUUID(), { transactionId: 1n, id: crypto.randomUUID() })],
    ['from the future', () => activityCursor(rowId, { transactionId: 10n ** 15n, id: crypto.randomUUID() })],
    ['of a broken number', () => Buffer.from(`${rowId}:1.5:${rowId}`).toString('base64url')],
  ])('refuses a cursor that is %s', async (_what, cursor) => {
    expect(await subscribe(cursor()).refusal()).toMatchObject({
      payload: { errors: [{ extensions: { code: 'INVALID_CURSOR' } }] },
    });
    expect(house.server.feed.size).toBe(0);
  });

  test('of a workspace that the caller may not see is not found', async () => {
    const stranger = await seedTenant(house.database, 'stranger');
    for (const id of [globalId('Workspace', stranger.workspaceId), globalId('Workspace', crypto.randomUUID()), '']) {
      expect(await subscribe(null, id).refusal()).toMatchObject({
        payload: { errors: [{ message: 'The workspace was not found.', extensions: { code: 'NOT_FOUND' } }] },
      });
    }
    expect(house.server.feed.size).toBe(0);
  });

  test('knows no upload that was refused before it was one', async () => {
    const before = await house.database.prisma.workspaceActivity.count();
    expect((await announce(house, Buffer.alloc(10), { contentType: 'text/plain' })).errors).toHaveLength(1);
    expect(await house.database.prisma.workspaceActivity.count()).toBe(before);
  });
});
