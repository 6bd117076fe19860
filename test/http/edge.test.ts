import { writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { ApiServer } from '#server.ts';
import { type House, openHouse } from '../support/house.ts';
import { blockedSessions } from '../support/steps.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false });
});
afterAll(() => house[Symbol.asyncDispose]());

const json = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
const ask = (query: string, { url = house.url, variables = {} } = {}) =>
  fetch(`${url}/graphql`, { method: 'POST', headers: json, body: JSON.stringify({ query, variables }) });

const codes = z.object({ errors: z.array(z.object({ extensions: z.object({ code: z.string() }) })) });
const codesOf = async (response: Response): Promise<string[]> => [
  ...new Set(codes.parse(await response.json()).errors.map(({ extensions }) => extensions.code)),
];

const whoAmI = '{ viewer { user { displayName } } }';

describe('what another site could make a browser send', () => {
  const get = (query: string, headers: Readonly<Record<string, string>>) =>
    fetch(`${house.url}/graphql?query=${encodeURIComponent(query)}`, { headers: { ...json, ...headers } });
  const form = new URLSearchParams({ query: '{ __typename }' });
  const multipart = new FormData();
  multipart.set('operations', JSON.stringify({ query: '{ __typename }' }));

  test.each([
    ['a form', { body: form }],
    ['a form with files', { body: multipart }],
    ['JSON that says it is text', { body: '{"query":"{ __typename }"}', headers: { 'content-type': 'text/plain' } }],
    ['a body of no type', { body: new Blob(['{"query":"{ __typename }"}']) }],
  ])('is refused: %s', async (_what, sent) => {
    const response = await fetch(`${house.url}/graphql`, { method: 'POST', ...sent });
    expect(response.status).toBe(403);
    expect(await codesOf(response)).toEqual(['FORBIDDEN']);
  });

  test('is refused: GET, unless a header makes the browser ask first', async () => {
    const plain = { 'content-type': '' };
    expect((await get('{ __typename }', plain)).status).toBe(403);
    for (const header of ['graphql-preflight', 'apollo-require-preflight']) {
      const response = await get('{ __typename }', { ...plain, [header]: '1' });
      expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
    }
  });

  test('changes nothing by GET, whatever the header', async () => {
    const response = await get('mutation { cancelRun(input: { runId: "x" }) { errors { code } } }', {
      'graphql-preflight': '1',
    });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  test('files and several operations are not taken, whatever the header', async () => {
    const headers = { 'graphql-preflight': '1' };
    const files = await fetch(`${house.url}/graphql`, { method: 'POST', headers, body: multipart });
    expect(files.status).toBe(415);
    const body = JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]);
    const batch = await fetch(`${house.url}/graphql`, { method: 'POST', headers: json, body });
    expect(batch.status).toBe(400);
  });

  test.each(['PUT', 'PATCH', 'DELETE'])('%s is no way to ask', async (method) => {
    const response = await fetch(`${house.url}/graphql?query={__typename}`, { method, headers: json });
    expect(response.status).toBe(405);
  });
});

describe('a body of more than 1 MiB', () => {
  const large = JSON.stringify({ query: '{ __typename }', variables: { text: 'x'.repeat(1024 ** 2) } });

  test('is refused by its length', async () => {
    const response = await fetch(`${house.url}/graphql`, { method: 'POST', headers: json, body: large });
    expect(response.status).toBe(413);
  });

  /** Sends a body without saying how long it will be. */
  async function sendPieces(body: string) {
    const { hostname, port } = new URL(house.url);
    const answered = Promise.withResolvers<IncomingMessage>();
    const sent = request({ hostname, port, path: '/graphql', method: 'POST', headers: json });
    sent.on('response', answered.resolve).on('error', answered.reject);
    for (let at = 0; at < body.length; at += 16_384) sent.write(body.slice(at, at + 16_384));
    sent.end();
    const response = await answered.promise;
    return { status: response.statusCode, body: await text(response) };
  }

  test('is refused while it comes in pieces of no announced length', async () => {
    expect(await sendPieces(large)).toMatchObject({ status: 413, body: expect.stringContaining('REQUEST_TOO_LARGE') });
  });

  test('is what a body of pieces is counted for: one of fewer is read', async () => {
    const query = JSON.stringify({ query: '{ __typename }', variables: { text: 'ü'.repeat(50_000) } });
    expect(await sendPieces(query)).toEqual({ status: 200, body: '{"data":{"__typename":"Query"}}' });
  });
});

test('every answer says what browsers may do with it', async () => {
  for (const response of [await ask(whoAmI), await fetch(`${house.url}/livez`), await ask('{ nothing }')]) {
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(response.headers.has('strict-transport-security')).toBe(false);
    expect(response.headers.has('x-powered-by')).toBe(false);
    expect(response.headers.has('server')).toBe(false);
  }
});

test('GraphiQL may run what stands in its page, and stands in no frame', async () => {
  const response = await fetch(`${house.url}/graphql`, { headers: { accept: 'text/html' } });
  const policy = response.headers.get('content-security-policy');
  expect(policy).toContain("script-src 'unsafe-inline'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
});

test('an answer tells nothing of how it came about, also in development', async () => {
  await using development = await house.openServer({ NODE_ENV: 'development' });
  await house.database.pool.query('alter table users rename to users_away');
  const authorization = `Bearer ${house.token}`;
  const body = JSON.stringify({ query: whoAmI });
  const failed = await fetch(`${development.url}/graphql`, {
    method: 'POST',
    headers: { ...json, authorization, 'x-apollo-tracing': '1' },
    body,
  });
  await house.database.pool.query('alter table users_away rename to users');
  const told = await failed.text();
  expect(failed.status).toBe(500);
  expect(told).not.toMatch(/stack|users|prisma|tracing|node_modules|\.ts/i);
});

describe('in production', () => {
  const production = (more: Readonly<Record<string, string>> = {}): Promise<ApiServer> =>
    house.openServer({
      NODE_ENV: 'production',
      CLERK_JWT_KEY: house.keys.jwtKey,
      CLERK_JWT_ISSUER: 'https://clerk.example.com',
      CLERK_AUTHORIZED_PARTIES: 'https://studio.example.com',
      STORAGE_SECRET: 'a secret of at least thirty-two bytes',
      PUBLIC_URL: 'https://api.example.com',
      ...more,
    });
  const introspection = '{ __schema { queryType { name } } }';
  const page = (url: string) => fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
  const misspelt = [
    ['{ viewr { user { id } } }', {}],
    [
      'query ($recipe: RecipeInput!) { planRun(uploadId: "x", recipe: $recipe) { stages { stage } } }',
      { recipe: { transcrip: true } },
    ],
    [
      'query ($o: UploadOrderInput) { workspace(by: { slug: "x" }) { uploads(orderBy: $o) { totalCount } } }',
      { o: { field: 'CREATED_A', direction: 'DESC' } },
    ],
  ] as const;

  test('the schema is not shown, nor guessed at, nor is there GraphiQL; browsers are told to use HTTPS', async () => {
    await using server = await production();
    expect(await codesOf(await ask(introspection, server))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    for (const [query, variables] of misspelt) {
      const told = await (await ask(query, { url: server.url, variables })).text();
      expect(told).toContain('"errors"');
      expect(told).not.toContain('Did you mean');
    }
    expect(await (await page(server.url)).text()).not.toContain('<html');
    expect((await ask(whoAmI, server)).headers.get('strict-transport-security')).toContain('max-age=31536000');
  });

  test('both are there where an operator wants them', async () => {
    await using server = await production({ INTROSPECTION: 'on', GRAPHIQL: 'on' });
    const answer = await ask(introspection, server);
    expect(await answer.json()).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
    expect((await page(server.url)).headers.get('content-type')).toContain('text/html');
  });

  test('outside production names are guessed at', async () => {
    for (const [query, variables] of misspelt) {
      expect(await (await ask(query, { variables })).text()).toContain('Did you mean');
    }
  });
});

describe('where only trusted documents run', () => {
  const me = 'query Me { viewer { user { displayName } } }';
  const id = `sha256:${'c'.repeat(64)}`;
  const refused = ['PERSISTED_QUERY_NOT_FOUND'];
  let strict: ApiServer;

  beforeAll(async () => {
    const file = path.join(house.home, 'persisted-documents.json');
    await writeFile(file, JSON.stringify({ [id]: me }));
    strict = await house.openServer({ TRUSTED_DOCUMENTS: file });
  });
  afterAll(() => strict[Symbol.asyncDispose]());

  const send = (body: object, accept = json.accept) =>
    fetch(`${strict.url}/graphql`, { method: 'POST', headers: { ...json, accept }, body: JSON.stringify(body) });

  test('one is asked for by its id, by POST and by GET', async () => {
    const answer = { data: { viewer: null } };
    expect(await (await send({ documentId: id })).json()).toEqual(answer);
    expect(await (await send({ documentId: id, query: null, operationName: 'Me' })).json()).toEqual(answer);
    // As urql and Apollo ask, without any text.
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'c'.repeat(64) } };
    expect(await (await send({ extensions, variables: {} })).json()).toEqual(answer);
    const headers = { ...json, 'graphql-preflight': '1' };
    const got = await fetch(`${strict.url}/graphql?documentId=${id}&variables={}`, { headers });
    expect(await got.json()).toEqual(answer);
  });

  test('any other is refused, also for a stream', async () => {
    for (const body of [{ query: '{ __typename }' }, { query: whoAmI, documentId: id }, { documentId: 'sha256:x' }]) {
      const response = await send(body);
      expect(response.status).toBe(400);
      expect(await codesOf(response)).toEqual(refused);
    }
    const stream = await (await send({ query: 'subscription { __typename }' }, 'text/event-stream')).text();
    expect(stream).toContain('PERSISTED_QUERY_NOT_FOUND');
  });

  test('the same holds on a socket, where the id comes as an extension', async () => {
    const client = createClient({
      url: `${strict.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${house.token}` },
      retryAttempts: 0,
    });
    const persistedQuery = { version: 1, sha256Hash: id.slice('sha256:'.length) };
    const known = await client.iterate({ query: '', extensions: { persistedQuery } }).next();
    expect(known.value).toMatchObject({ data: { viewer: { user: {} } } });
    const another = client.iterate({ query: 'subscription { __typename }' }).next();
    await expect(another).rejects.toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
    await client.dispose();
  });

  test('a file that lists no documents is refused at the start', async () => {
    const file = path.join(house.home, 'nothing.json');
    await writeFile(file, '["{ viewer { user { id } } }"]');
    await expect(house.openServer({ TRUSTED_DOCUMENTS: file })).rejects.toMatchObject({ code: 'ENVIRONMENT_INVALID' });
  });
});

test.each([
  ['announced', { ...json, 'content-length': '100' }],
  ['none', json],
])('a body of %s length that does not arrive is not waited for', async (_length, headers) => {
  await using hasty = await house.openServer({ EXECUTION_TIMEOUT_MS: '300' });
  const { hostname, port } = new URL(hasty.url);
  const answered = Promise.withResolvers<IncomingMessage>();
  const sent = request({ hostname, port, path: '/graphql', method: 'POST', headers });
  sent.on('response', answered.resolve).on('error', answered.reject).write('{"query":');
  const response = await answered.promise;
  expect(response.statusCode).toBe(408);
  expect(response.headers.connection).toBe('close');
  expect(await text(response)).toContain('TIMED_OUT');
  sent.destroy();
});

test('an operation that takes too long is answered, and told to stop, as are its statements', async () => {
  await using hasty = await house.openServer({ EXECUTION_TIMEOUT_MS: '300' });
  const client = await house.database.pool.connect();
  const blocked = () => blockedSessions(house.database);
  try {
    await client.query('begin; lock table uploads in access exclusive mode');
    const response = await fetch(`${hasty.url}/graphql`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${house.token}` },
      body: JSON.stringify({ query: '{ viewer { workspaces { nodes { workspace { uploads { totalCount } } } } } }' }),
    });
    expect(await codesOf(response)).toEqual(['TIMED_OUT']);
    await expect.poll(blocked).toBe(0);
  } finally {
    await client.query('rollback');
    client.release();
  }
});
