import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { graphql } from '#generated/client/gql.ts';
import { openSpokenHouse, type SpokenHouse } from '../support/spoken-house.ts';

const startDocument = graphql(`
  mutation TracedStart($input: StartRunInput!) { startRun(input: $input) { run { id } errors { code message } } }
`);

const logged = z.looseObject({
  msg: z.string().default(''),
  correlationId: z.string().optional(),
  stage: z.string().optional(),
  mutation: z.string().optional(),
  provider: z.unknown().optional(),
});

let spoken: SpokenHouse;
const lines: string[] = [];

beforeAll(async () => {
  spoken = await openSpokenHouse({}, { level: 'debug', logTo: { write: (line) => lines.push(line) } });
});
afterAll(() => spoken[Symbol.asyncDispose]());

/** Lines with this id. */
const linesOf = (id: string) =>
  lines.map((line) => logged.parse(JSON.parse(line))).filter(({ correlationId }) => correlationId === id);

async function post(body: object, headers: Record<string, string> = {}): Promise<Response> {
  const { url, token } = spoken.house;
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify(body),
  });
}

describe('one id', () => {
  test('joins a request, the stages that it starts, and what they ask of others', { timeout: 180_000 }, async () => {
    const { house, openai } = spoken;
    const { runId: probing, uploadId } = await spoken.start({ transcript: true });
    await house.follow(probing);
    const before = openai.requests.length;
    const id = `traced-${crypto.randomUUID()}`;
    const recipe = { contents: [{ kind: 'LINKEDIN' }] };
    const input = { uploadId, recipe, fresh: true, idempotencyKey: crypto.randomUUID() };
    const answer = await post({ query: startDocument.toString(), variables: { input } }, { 'x-request-id': id });
    expect(answer.headers.get('x-request-id')).toBe(id);
    const { data } = z
      .object({ data: z.object({ startRun: z.object({ run: z.object({ id: z.string() }) }) }) })
      .parse(await answer.json());
    await house.follow(data.startRun.run.id);
    const told = linesOf(id);
    expect(told.filter(({ mutation }) => mutation === 'startRun')).toHaveLength(1);
    expect(new Set(told.flatMap(({ stage }) => stage ?? []))).toEqual(new Set(['ingest', 'transcribe', 'write']));
    expect(told.filter(({ provider }) => provider === 'openai').length).toBeGreaterThanOrEqual(2);
    const asked = openai.requests.slice(before);
    expect(asked.length).toBeGreaterThanOrEqual(2);
    expect(asked.map(({ headers }) => headers['x-client-request-id'])).toEqual(asked.map(() => id));
  });

  test('is given to every answer, and one that is none is replaced', async () => {
    const { url } = spoken.house;
    const asked = [
      fetch(`${url}/livez`),
      fetch(`${url}/nowhere`),
      fetch(`${url}/storage/v1/object/clips/none`),
      post({ query: '{ viewer { admin } }' }),
      post({ query: '{' }, { 'x-request-id': 'not valid, as it has spaces' }),
    ];
    for (const answer of await Promise.all(asked)) expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  test('is in what a caller is told of a fault of ours, and finds its line', async () => {
    const { pool } = spoken.house.database;
    await pool.query('alter table workspace_activities rename to elsewhere');
    try {
      const input = {
        workspaceId: spoken.house.workspaceId,
        fileName: 'a.mp4',
        contentType: 'video/mp4',
        sizeBytes: 9,
      };
      const query = `mutation ($input: CreateUploadInput!) { createUpload(input: $input) { upload { id } } }`;
      const variables = { input: { ...input, idempotencyKey: crypto.randomUUID() } };
      const answer = await post({ query, variables });
      const { errors } = z
        .object({
          errors: z.array(
            z.looseObject({
              message: z.string(),
              path: z.array(z.string()),
              extensions: z.looseObject({ code: z.string(), correlationId: z.string() }),
            }),
          ),
        })
        .parse(await answer.json());
      const [error] = errors;
      expect(error).toMatchObject({ message: 'Something went wrong on our side.', path: ['createUpload'] });
      expect(error?.extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
      expect(error?.extensions.correlationId).toBe(answer.headers.get('x-request-id'));
      expect(linesOf(error?.extensions.correlationId ?? '').map(({ msg }) => msg)).toContain('a request failed');
    } finally {
      await pool.query('alter table elsewhere rename to workspace_activities');
    }
  });
});

test('no line shows a token, a signed link or an address of a person', () => {
  const all = lines.join('');
  expect(all).not.toMatch(/eyJ[\w-]+\.|token=(?!\[redacted\])/);
  expect(all).not.toContain(spoken.openai.apiKey);
});
