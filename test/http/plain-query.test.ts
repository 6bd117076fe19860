import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type House, openHouse } from '../support/house.ts';

const origin = 'https://pages.example';
let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false, env: { CORS_ORIGINS: origin } });
});
afterAll(() => house[Symbol.asyncDispose]());

interface Asked {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What clients can tell answers apart by. Anything behind the path is left to Yoga. */
async function told(path: '/graphql' | '/graphql?', { body, headers }: Asked) {
  const response = await fetch(`${house.url}${path}`, {
    method: 'POST',
    headers: { 'x-request-id': 'the-same', ...headers },
    body,
  });
  const { status } = response;
  const said = (name: string): string | null => response.headers.get(name);
  const own = headers.origin !== undefined && said('access-control-allow-origin') === headers.origin;
  const readable = own ? said('access-control-expose-headers') : null;
  return { status, type: said('content-type'), id: said('x-request-id'), own, readable, text: await response.text() };
}

/** Refused, because the name is; what it selects would be too much with more than a hundred. */
const mutation = `mutation ($__proto__: Int) {
  createWorkspace(input: { name: "", slug: "", idempotencyKey: "once" }) { errors { __typename } workspace { uploads(first: $__proto__) { nodes { id } } } }
}`;

const questions = [
  { query: '{ viewer { workspaces { nodes { role workspace { id name } } } } }' },
  { query: '{ node(id: "x") { id } rateLimit { limit } }' },
  { query: 'query One { __typename } query Two { viewer { user { id } } }', operationName: 'Two' },
  { query: 'query One { __typename } query Two { __typename }' },
  { query: 'query One { __typename }', operationName: 'Three' },
  { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id: 'VXNlcjoxMjM' } },
  { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: {} },
  { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: 'none' },
  { query: '{ __typename }', variables: null, operationName: null, extensions: null },
  { query: '{ __typename }', extensions: { client: { name: 'x' } } },
  { query: '{ __typename }', unknown: 1 },
  { query: '{ __typename }', unknown: null },
  { query: '{ viewer {' },
  { query: '{ nothing }' },
  { query: '' },
  { query: 5 },
  { documentId: 'sha256:0000000000000000000000000000000000000000000000000000000000000000' },
  { documentId: 'x', query: '{ __typename }' },
  {
    query: 'query ($__proto__: ID!) { node(id: $__proto__) { id } }',
    variables: JSON.parse('{"__proto__":"VXNlcjoxMjM"}'),
  },
  { query: mutation, variables: JSON.parse('{"__proto__":1000000}') },
  { query: mutation, variables: JSON.parse('{"__proto__":10}') },
  {
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: { ids: Array.from({ length: 30_001 }, () => 'x') },
  },
  { query: 'mutation { createWorkspace(input: { name: "" }) { __typename } }' },
  { query: 'subscription { runEvents(runId: "x") { __typename } }' },
  [{ query: '{ __typename }' }],
  'text',
  null,
];

const asked: fc.Arbitrary<Asked> = fc
  .record({
    body: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...questions).map((question) => JSON.stringify(question)) },
      fc.constantFrom('', 'no JSON', '{"query":"{ __typename }"', '\uFEFF{"query":"{ __typename }"}'),
    ),
    'content-type': fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'application/json;charset=latin1',
      'Application/JSON ; charset=utf-8',
      'application/jsonp',
      'text/plain',
    ),
    accept: fc.constantFrom(
      undefined,
      '*/*',
      'application/json',
      'application/*;q=0.5',
      'application/graphql-response+json, application/json;q=0.9',
      'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
      'multipart/mixed, application/json',
      'Application/JSON; charset=UTF-8',
      'application/json; charset=latin1, application/graphql-response+json',
      'text/html',
      ',',
    ),
    origin: fc.constantFrom(undefined, origin, 'https://elsewhere.example'),
    signed: fc.constantFrom('in', 'out', 'wrongly'),
  })
  .map(({ body, signed, ...given }) => {
    const tokens = { in: house.token, out: undefined, wrongly: 'no.such.token' };
    const token = tokens[signed];
    const headers = { ...given, authorization: token && `Bearer ${token}` };
    const present = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return { body, headers: Object.fromEntries(present) };
  });

describe('a request', () => {
  test('is answered alike, whether or not Yoga sees it', async () => {
    await fc.assert(
      fc.asyncProperty(asked, async (request) => {
        expect(await told('/graphql', request)).toEqual(await told('/graphql?', request));
      }),
      { numRuns: 400 },
    );
  });
});

test('what is held against the limits is what runs, however its variables are called', async () => {
  const asked = async (first: number) => {
    const body = `{"query":${JSON.stringify(mutation)},"variables":{"__proto__":${first}}}`;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${house.token}` };
    return (await told('/graphql', { body, headers })).text;
  };
  expect(await asked(10)).toContain('"workspace":null');
  expect(await asked(1_000_000)).toContain('must be from 0 to 100');
});

test('the body of somebody who has no requests left is not read', async () => {
  await using counted = await house.openServer({ RATE_LIMITS: 'on' });
  const ask = (body: string) =>
    fetch(`${counted.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${house.token}` },
      body,
    });
  const usual = JSON.stringify({ query: '{ __typename }' });
  while ((await ask(usual)).status !== 429);
  const parse = vi.spyOn(JSON, 'parse');
  const large = JSON.stringify({ query: '{ __typename }', variables: { large: 'x'.repeat(100_000) } });
  expect((await ask(large)).status).toBe(429);
  expect(parse.mock.calls.filter(([text]) => text === large)).toEqual([]);
  parse.mockRestore();
});
