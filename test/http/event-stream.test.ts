import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { openDrivenRun } from '../support/driven-run.ts';
import { eventually } from '../support/eventually.ts';
import { type House, openHouse } from '../support/house.ts';
import { type Tenant, tenantOf } from '../support/seed.ts';

let house: House;
let tenant: Tenant;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  tenant = await tenantOf(house.database, 'analytical');
});
afterAll(() => house[Symbol.asyncDispose]());

const query = `subscription ($runId: ID!) {
  runEvents(runId: $runId) {
    sequence
    cursor
    ... on StageProgressEvent { runProgress }
    ... on RunStatusEvent { runStatus }
  }
}`;

function subscribe(
  runId: string,
  {
    accept = 'text/event-stream',
    token = house.token,
    signal,
  }: { accept?: string; token?: string; signal?: AbortSignal },
) {
  return fetch(`${house.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { runId } }),
    ...(signal && { signal }),
  });
}

/** The data of each `next` event as it arrives, until the stream ends. */
async function* nextEvents(response: Response): AsyncGenerator<{ data: { runEvents: { sequence: number } } }> {
  if (!response.body) throw new Error('the answer has no body');
  let named = '';
  for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
    if (line.startsWith('event: ')) named = line.slice(7);
    else if (line.startsWith('data: ') && named === 'next') yield JSON.parse(line.slice(6));
  }
}

describe('a subscription over server-sent events', () => {
  test('tells the same as over a socket, and ends by itself', async () => {
    await using run = await openDrivenRun(house.database, tenant);
    const response = await subscribe(run.globalId, {});
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const streamed = [];
    const bySocket = house.follow(run.globalId);
    for await (const { data } of nextEvents(response)) {
      streamed.push(data.runEvents);
      if (streamed.length > 1) continue;
      await eventually(() => expect(house.server.feed.size).toBe(2));
      await run.begin();
      await run.tell(50);
      await run.finish();
    }
    const told = await bySocket;
    expect(streamed.map(({ sequence }) => sequence)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(told.filter(({ sequence }) => sequence > 2)).toMatchObject(streamed.slice(1));
    expect(house.server.feed.size).toBe(0);
  });

  test('is left by a client that goes away, and nobody follows any more', async () => {
    await using run = await openDrivenRun(house.database, tenant);
    const leaving = new AbortController();
    const response = await subscribe(run.globalId, { signal: leaving.signal });
    await nextEvents(response).next();
    expect(house.server.feed.size).toBe(1);
    leaving.abort();
    await eventually(() => expect(house.server.feed.size).toBe(0));
  });

  test('ends when its token runs out, and says why', async () => {
    await using run = await openDrivenRun(house.database, tenant);
    const token = await house.keys.mint({ user: 'ada', workspace: 'analytical', ttlSeconds: 2 });
    const told = [];
    for await (const event of nextEvents(await subscribe(run.globalId, { token }))) told.push(event);
    expect(told).toMatchObject([
      { data: { runEvents: { sequence: 2 } } },
      { errors: [{ message: 'The token has run out.', extensions: { code: 'FORBIDDEN' } }] },
    ]);
    expect(house.server.feed.size).toBe(0);
  });

  test('of a run that is not there tells so and ends', async () => {
    const response = await subscribe(globalId('Run', crypto.randomUUID()), {});
    const events = [];
    for await (const event of nextEvents(response)) events.push(event);
    expect(events).toMatchObject([
      { errors: [{ message: 'The run was not found.', extensions: { code: 'NOT_FOUND' } }] },
    ]);
  });
});

describe('a subscription that asks for anything but a stream', () => {
  test.each([
    'application/json',
    'application/graphql-response+json',
    'multipart/mixed',
    'text/html',
    'text/event-stream;charset=latin1',
  ])('is refused with 406, and nobody is left following (%s)', async (accept) => {
    await using run = await openDrivenRun(house.database, tenant);
    const response = await subscribe(run.globalId, { accept });
    await response.text();
    expect(response.status).toBe(406);
    expect(house.server.feed.size).toBe(0);
  });
});
