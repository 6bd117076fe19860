import { expect, test } from 'vitest';
import { asQuery } from '#client/ask.ts';
import { type Client, createClient } from '#client/client.ts';
import type { TypedDocument } from '#client/document.ts';
import { OffprintError } from '#client/failure.ts';
import { createUrqlClient } from '#client/urql-client.ts';
import { openCuttingServer } from './cutting-server.ts';

interface Counted {
  readonly counted: { readonly number: number; readonly cursor: string };
}

const counting: TypedDocument<Counted, { after: string | null }> = {
  toString: () => 'subscription Counted($after: String) { counted(after: $after) { number cursor } }',
};

const naive: TypedDocument<Counted, object> = {
  toString: () => 'subscription Counted { counted { number cursor } }',
};

test('a subscription whose connection breaks goes on behind the last event: no gap, nothing twice', async () => {
  await using server = await openCuttingServer({ last: 60, cuts: [1, 7, 8, 30, 59] });
  await using client = createClient({ url: server.url, token: 'good' });
  const numbers: number[] = [];
  for await (const { counted } of client.subscribe(counting, { after: null })) {
    numbers.push(counted.number);
    // A reader that takes its time: what arrived meanwhile must not be asked for again.
    if (numbers.length % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(numbers).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
  expect(server.asked).toEqual([null, '1', '7', '8', '30', '59']);
});

test.each<[string, (client: Client, document: TypedDocument<Counted, object>) => Promise<number[]>]>([
  ['the client', byClient],
  ['urql', byUrql],
])(
  'a subscription of %s that goes by its id resumes as well, where its variables name no cursor',
  async (_of, read) => {
    await using server = await openCuttingServer({ last: 3, cuts: [2], trusted: String(counting) });
    await using client = createClient({ url: server.url, token: 'good', trustedDocuments: true });
    expect(await read(client, { toString: () => String(counting), __meta__: { hash: 'counting' } })).toEqual([1, 2, 3]);
    expect(server.asked).toEqual([null, '2']);
  },
);

async function byClient(client: Client, document: TypedDocument<Counted, object>): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { counted } of client.subscribe(document, {})) numbers.push(counted.number);
  return numbers;
}

async function byUrql(client: Client, document: TypedDocument<Counted, object>): Promise<number[]> {
  const numbers: number[] = [];
  const done = Promise.withResolvers<void>();
  const following = createUrqlClient(client)
    .subscription(asQuery(document), {})
    .subscribe(({ data, error }) => {
      if (error) done.reject(error);
      if (data) numbers.push(data.counted.number);
      if (numbers.at(-1) === 3) done.resolve();
    });
  await done.promise.finally(() => following.unsubscribe());
  return numbers;
}

interface Noted {
  readonly counted: { readonly number: number; readonly note: string | null } | null;
}

const noting: TypedDocument<Noted, { after?: string }> = {
  toString: () => 'subscription Noted($after: String) { counted(after: $after) { number cursor note } }',
};

/** Numbers of events, each with the code of what failed beside it. */
type Notes = readonly (readonly [number | undefined, unknown])[];

test.each<[string, (client: Client) => Promise<Notes>]>([
  ['the client', notesByClient],
  ['urql', notesByUrql],
])('by %s an event that came in part is handed over with what failed beside it, and more follow', async (_by, read) => {
  await using server = await openCuttingServer({ last: 4, cuts: [], spoilt: [1, 3] });
  await using client = createClient({ url: server.url, token: 'good' });
  expect(await read(client)).toEqual([
    [1, 'FORBIDDEN'],
    [2, undefined],
    [3, 'FORBIDDEN'],
    [4, undefined],
  ]);
});

async function notesByClient(client: Client): Promise<Notes> {
  const notes: [number | undefined, unknown][] = [];
  const beside: OffprintError[] = [];
  const onPartial = (failure: OffprintError) => void beside.push(failure);
  for await (const { counted } of client.subscribe(noting, {}, { onPartial }))
    notes.push([counted?.number, beside.splice(0)[0]?.code]);
  return notes;
}

async function notesByUrql(client: Client): Promise<Notes> {
  const notes: [number | undefined, unknown][] = [];
  const done = Promise.withResolvers<void>();
  const following = createUrqlClient(client)
    .subscription(asQuery(noting), {})
    .subscribe(({ data, error }) => {
      if (error?.networkError) done.reject(error);
      notes.push([data?.counted?.number, error?.graphQLErrors[0]?.extensions.code]);
      if (data?.counted?.number === 4) done.resolve();
    });
  await done.promise.finally(() => following.unsubscribe());
  return notes;
}

test('where nothing of an event came, what failed is thrown', async () => {
  await using server = await openCuttingServer({ last: 2, cuts: [], spoilt: [2] });
  await using client = createClient({ url: server.url, token: 'good' });
  const sure: TypedDocument<Noted, object> = { toString: () => 'subscription { counted { number sure } }' };
  const events = client.subscribe(sure, {}, { onPartial: () => expect.unreachable() });
  expect(await events.next()).toMatchObject({ value: { counted: { number: 1 } } });
  const error = { code: 'FORBIDDEN', data: { counted: null }, errors: [{ path: ['counted', 'sure'] }] };
  await expect(events.next()).rejects.toMatchObject(error);
});

test('a document that takes no cursor begins anew with each connection', async () => {
  await using server = await openCuttingServer({ last: 3, cuts: [2] });
  await using client = createClient({ url: server.url, token: 'good' });
  const numbers: number[] = [];
  for await (const { counted } of client.subscribe(naive, {})) numbers.push(counted.number);
  expect(numbers).toEqual([1, 2, 1, 2, 3]);
});

test('a token is asked for with each connection, and one refused for its age is followed by a fresh one', async () => {
  let asked = 0;
  await using server = await openCuttingServer({ last: 2, cuts: [1], accepts: (token) => token !== 'Bearer old' });
  await using client = createClient({ url: server.url, token: () => (asked++ === 0 ? 'old' : 'fresh') });
  const numbers: number[] = [];
  for await (const { counted } of client.subscribe(counting, { after: null })) numbers.push(counted.number);
  expect(numbers).toEqual([1, 2]);
  expect(server.connections()).toBe(3);
});

test('a token that is refused again and again ends the subscription instead of being shown for ever', async () => {
  await using server = await openCuttingServer({ last: 2, cuts: [], accepts: () => false });
  await using client = createClient({ url: server.url, token: 'bad' });
  const failure = await client
    .subscribe(counting, { after: null })
    .next()
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(OffprintError);
  expect(failure).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(server.connections()).toBe(4);
});

test('a connection that is closed because nobody was let in ends the subscription at once', async () => {
  await using server = await openCuttingServer({ last: 2, cuts: [], closes: 4401 });
  await using client = createClient({ url: server.url, token: 'bad' });
  const refusal = { code: 'UNAUTHENTICATED' };
  await expect(client.subscribe(counting, { after: null }).next()).rejects.toMatchObject(refusal);
  expect(server.connections()).toBe(1);
});

test.each(['NOT_FOUND', 'UNAUTHENTICATED'] as const)(
  'what the API has against a subscription is thrown: %s',
  async (code) => {
    await using server = await openCuttingServer({ last: 0, cuts: [], refusal: code });
    await using client = createClient({ url: server.url, token: 'good' });
    await expect(client.subscribe(counting, { after: null }).next()).rejects.toMatchObject({ code });
  },
);

test('what ends a subscription is thrown after what came before it', async () => {
  await using server = await openCuttingServer({ last: 3, cuts: [], refusal: 'UNAUTHENTICATED', refusedAfter: 2 });
  await using client = createClient({ url: server.url, token: 'good' });
  const numbers: number[] = [];
  const following = (async () => {
    for await (const { counted } of client.subscribe(counting, { after: null })) numbers.push(counted.number);
  })();
  await expect(following).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(numbers).toEqual([1, 2]);
});

test('a signal ends a subscription with its own reason, and leaving it early closes it', async () => {
  await using server = await openCuttingServer({ last: 2_000, cuts: [] });
  await using client = createClient({ url: server.url, token: 'good' });
  const leaving = new AbortController();
  const events = client.subscribe(counting, { after: null }, leaving);
  await events.next();
  leaving.abort(new Error('enough'));
  await expect(drained(events)).rejects.toThrow('enough');
  for await (const { counted } of client.subscribe(counting, { after: null })) if (counted.number === 3) break;
});

async function drained(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of events);
}
