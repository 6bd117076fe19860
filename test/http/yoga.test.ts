import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type House, openHouse } from '../support/house.ts';

const lines: string[] = [];
let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false, level: 'info', logTo: { write: (line) => lines.push(line) } });
});
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() => lines.splice(0));

const answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z.record(z.string(), z.unknown()),
      }),
    )
    .optional(),
});

async function ask(query: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${house.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${house.token}`,
      ...headers,
    },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, headers: response.headers, body: answer.parse(await response.json()) };
}

const uploads = '{ viewer { workspaces { nodes { workspace { uploads { totalCount } } } } } }';

describe('a request', () => {
  test('is answered under the id it came with, or under a new one', async () => {
    expect((await ask('{ __typename }', { 'x-request-id': 'my-request_1' })).headers.get('x-request-id')).toBe(
      'my-request_1',
    );
    const made = (await ask('{ __typename }')).headers.get('x-request-id');
    expect(made).toMatch(/^[\da-f-]{36}$/);
    expect((await ask('{ __typename }', { 'x-request-id': 'not/an id' })).headers.get('x-request-id')).toMatch(
      /^[\da-f-]{36}$/,
    );
  });

  test.each([
    ['that cannot be read', '{ viewer {', 'GRAPHQL_PARSE_FAILED'],
    ['for something that does not exist', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['for fewer than no rows', '{ viewer { workspaces(first: -5) { nodes { id } } } }', 'BAD_USER_INPUT'],
    ['after a place that is none', '{ viewer { workspaces(after: "x") { nodes { id } } } }', 'BAD_USER_INPUT'],
  ])('%s gets a code, and nothing is logged as our fault', async (...[, query, code]) => {
    const { body } = await ask(query);
    expect(body.errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(lines.join('')).not.toContain('"level":50');
  });

  test.each([
    ['application/graphql-response+json', 400],
    ['application/json', 200],
  ])('whose variables do not fit is a fault of the client: as %s it has status %i', async (accept, status) => {
    const response = await fetch(`${house.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${house.token}` },
      body: JSON.stringify({ query: 'query ($id: ID!) { node(id: $id) { id } }', variables: {} }),
    });
    expect(response.status).toBe(status);
    const { data, errors } = answer.parse(await response.json());
    expect(data).toBeUndefined();
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  test('that is not JSON, or has no query, is a fault of the client', async () => {
    const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
    for (const body of ['not json', '{}', '[]', '"x"']) {
      const response = await fetch(`${house.url}/graphql`, { method: 'POST', headers, body });
      expect(response.status).toBe(400);
      const { errors } = answer.parse(await response.json());
      expect(errors?.map(({ extensions }) => Object.keys(extensions))).toEqual([['code', 'correlationId']]);
    }
  });
});

describe('a fault of ours', () => {
  test('shows an id and nothing else; the log has the cause under that id', async () => {
    await house.database.pool.query('alter table uploads rename to uploads_away');
    const { status, body, headers } = await ask(uploads, { 'x-request-id': 'find-me' });
    await house.database.pool.query('alter table uploads_away rename to uploads');
    expect(status).toBe(200);
    expect(body.errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['viewer', 'workspaces'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId: 'find-me' },
      },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/uploads_away|select|prisma|node_modules|stack/i);
    expect(headers.get('x-request-id')).toBe('find-me');
    const logged = lines.map((line) => z.looseObject({ level: z.number() }).parse(JSON.parse(line)));
    expect(logged.filter(({ level }) => level >= 50)).toMatchObject([
      { correlationId: 'find-me', err: { message: expect.stringContaining('uploads'), stack: expect.anything() } },
    ]);
  });

  test('already while the caller is looked up is masked, too', async () => {
    await house.database.pool.query('alter table users rename to users_away');
    const { status, body } = await ask('{ viewer { user { displayName } } }');
    await house.database.pool.query('alter table users_away rename to users');
    expect(status).toBe(500);
    expect(body.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(body)).not.toMatch(/users|prisma|stack/i);
  });

  test('never puts a token into the log', async () => {
    await house.database.pool.query('alter table users rename to users_away');
    await ask('{ viewer { user { displayName } } }');
    await house.database.pool.query('alter table users_away rename to users');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('')).not.toContain(house.token.slice(-20));
  });
});

describe('GraphiQL', () => {
  const page = (url: string) => fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });

  test('is served outside production, with nothing fetched from other hosts', async () => {
    const response = await page(house.url);
    expect(response.headers.get('content-type')).toContain('text/html');
    const html = await response.text();
    expect(html).toContain('Offprint');
    expect(html).not.toMatch(/<(script|link|img)\b[^>]*\b(src|href)=["']?https?:/i);
    expect(html).not.toMatch(/unpkg\.com|jsdelivr|cdnjs/);
  });

  test('is not there in production', async () => {
    await using production = await house.openServer({
      NODE_ENV: 'production',
      CLERK_JWT_KEY: house.keys.jwtKey,
      CLERK_JWT_ISSUER: 'https://clerk.example.com',
      CLERK_AUTHORIZED_PARTIES: 'https://studio.example.com',
      STORAGE_SECRET: 'a secret of at least thirty-two bytes',
    });
    const response = await page(production.url);
    expect(response.status).not.toBe(200);
    expect(await response.text()).not.toContain('<html');
    const development = await fetch(`${production.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${house.token}` },
      body: JSON.stringify({ query: '{ viewer { user { displayName } } }' }),
    });
    expect(development.status).toBe(401);
    expect(development.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(await development.json()).not.toHaveProperty('data');
  });
});

describe('another web origin', () => {
  const preflight = (url: string, origin: string) =>
    fetch(`${url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  test('may call where any is allowed, with a token but without cookies', async () => {
    const { status, headers } = await preflight(house.url, 'https://anywhere.example');
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://anywhere.example');
    expect(headers.get('access-control-allow-headers')).toContain('authorization');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('access-control-expose-headers')).toContain('x-request-id');
    expect(headers.get('access-control-max-age')).toBe('7200');
  });

  test('may not call where others are named', async () => {
    const origins = 'https://studio.example,https://other.example';
    await using strict = await house.openServer({ CORS_ORIGINS: origins });
    const allowed = await preflight(strict.url, 'https://studio.example');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://studio.example');
    const refused = await preflight(strict.url, 'https://evil.example');
    expect(refused.headers.get('access-control-allow-origin')).toBe('null');
  });
});
