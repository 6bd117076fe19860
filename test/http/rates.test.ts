import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { type House, openHouse } from '../support/house.ts';
import { openRawSocket } from '../support/socket.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false, env: { RATE_LIMITS: 'on', TRUST_PROXY: '1' } });
});
afterAll(() => house[Symbol.asyncDispose]());

const budget = '{ rateLimit { limit remaining used cost resetAt } }';

function ask(query: string, { token, from = '192.0.2.1' }: { token?: string | undefined; from?: string }) {
  return fetch(`${house.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': from,
      origin: 'https://studio.example',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  });
}

/** Asks until nothing is left; gives how many were answered, and the first refusal. */
async function exhaust(caller: Parameters<typeof ask>[1]): Promise<{ answered: number; refusal: Response }> {
  for (let answered = 0; ; answered += 1) {
    const response = await ask('{ __typename }', caller);
    if (response.status !== 200) return { answered, refusal: response };
    await response.arrayBuffer();
  }
}

const mint = (user: string) => house.keys.mint({ user, workspace: `${user}s` });

describe('requests of one caller', () => {
  test('are answered a hundred times a minute, and each answer says what is left', async () => {
    const token = await mint('bob');
    const first = await ask(budget, { token });
    expect(first.headers.get('ratelimit-policy')).toBe('"request";q=100;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"request";r=99;t=(60|59)$/);
    expect(first.headers.get('retry-after')).toBeNull();
    expect(await first.json()).toEqual({
      data: { rateLimit: { limit: 100, remaining: 99, used: 1, cost: 1, resetAt: expect.any(String) } },
    });
    const { answered, refusal } = await exhaust({ token });
    expect(answered).toBe(99);
    expect(refusal.status).toBe(429);
    expect(refusal.headers.get('ratelimit')).toMatch(/^"request";r=0;t=\d+$/);
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refusal.headers.get('x-request-id')).toEqual(expect.any(String));
    expect(refusal.headers.get('access-control-expose-headers')).toContain('retry-after');
    expect(await refusal.json()).toMatchObject({
      errors: [
        { extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number), correlationId: expect.any(String) } },
      ],
    });
    // From elsewhere they are the same caller, and somebody else at the same place is another one.
    expect((await ask(budget, { token, from: '198.51.100.9' })).status).toBe(429);
    expect((await ask(budget, { token: await mint('carol') })).status).toBe(200);
    // On a socket as well: it is not even opened.
    await using socket = await openRawSocket(house.url);
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect(await socket.closed).toBe(1013);
  });

  test('count once each, whatever is asked', async () => {
    const token = await mint('dora');
    const left: (string | undefined)[] = [];
    for (const query of [
      '{ __typename }',
      '{ nothing }',
      '{ viewer {',
      'mutation { deleteMe { __typename } }',
      '{ __typename }',
    ]) {
      const response = await ask(query, { token });
      await response.arrayBuffer();
      left.push(/r=(\d+)/.exec(response.headers.get('ratelimit') ?? '')?.[1]);
    }
    expect(left).toEqual(['99', '98', '97', '96', '95']);
  });

  test('are counted by address where no token holds, whatever token is tried', async () => {
    const from = '198.51.100.1';
    const { answered, refusal } = await exhaust({ from });
    expect([answered, refusal.status]).toEqual([100, 429]);
    expect((await ask(budget, { from, token: 'nonsense' })).status).toBe(429);
    expect((await ask(budget, { from: '198.51.100.2' })).status).toBe(200);
    expect((await ask(budget, { from, token: await mint('dave') })).status).toBe(200);
  });

  test('are counted on a socket one by one; the one too many is refused and the socket lives', async () => {
    const token = await mint('eve');
    await using socket = await openRawSocket(house.url, token);
    for (let at = 0; at < 99; at += 1) {
      socket.send({ id: `${at}`, type: 'subscribe', payload: { query: '{ __typename }' } });
      expect(await socket.next(`${at}`)).toMatchObject({ type: 'next' });
    }
    socket.send({ id: 'more', type: 'subscribe', payload: { query: '{ __typename }' } });
    expect(await socket.next('more')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) } }],
    });
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
    expect((await ask(budget, { token })).status).toBe(429);
  });
});

const finalizeMany = graphql(`
  mutation FinalizeMany($input: FinalizeUploadInput!) {
    a: finalizeUpload(input: $input) { ...Refused }
    b: finalizeUpload(input: $input) { ...Refused }
    c: finalizeUpload(input: $input) { ...Refused }
    d: finalizeUpload(input: $input) { ...Refused }
  }
  fragment Refused on FinalizeUploadPayload {
    errors { __typename code ... on RateLimitError { retryAfterMs limit } }
  }
`);

test('a mutation with a rate counts each time it stands in a request, and is refused in its payload', async () => {
  const uploadId = Buffer.from(`Upload:${crypto.randomUUID()}`).toString('base64url');
  const { data } = await house.send(finalizeMany, { input: { uploadId } });
  const missing = { errors: [{ __typename: 'GeneralError', code: 'NOT_FOUND' }] };
  const refused = {
    errors: [{ __typename: 'RateLimitError', code: 'RATE_LIMITED', retryAfterMs: expect.any(Number), limit: 3 }],
  };
  expect(data).toEqual({ a: missing, b: missing, c: missing, d: refused });
});

test('a mutation counts before its input is looked at', async () => {
  const token = await mint('frank');
  const wrong = 'finalizeUpload(input: { uploadId: "none" }) { errors { code } }';
  const answer = await ask(`mutation { ${['a', 'b', 'c', 'd'].map((name) => `${name}: ${wrong}`).join(' ')} }`, {
    token,
  });
  const codes = (code: string) => ({ errors: [{ code }] });
  const unknown = codes('NOT_FOUND');
  expect(await answer.json()).toEqual({ data: { a: unknown, b: unknown, c: unknown, d: codes('RATE_LIMITED') } });
});
