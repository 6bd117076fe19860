import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { graphql } from '#generated/client/gql.ts';
import { eventually } from '../support/eventually.ts';
import { openSpokenHouse, type SpokenHouse } from '../support/spoken-house.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const startDocument = graphql(`
  mutation TracedStart($input: StartRunInput!) { startRun(input: $input) { run { id } errors { code message } } }
`);
const endpointDocument = graphql(`
  mutation TracedEndpoint($input: CreateWebhookEndpointInput!) {
    createWebhookEndpoint(input: $input) { endpoint { id } errors { code message } }
  }
`);
const linkDocument = graphql(`
  query TracedLink($id: ID!) {
    node(id: $id) { __typename ... on Upload { transcript { captions(format: VTT) { link { url } } } } }
  }
`);

const logged = z.looseObject({
  msg: z.string().default(''),
  correlationId: z.string().optional(),
  stage: z.string().optional(),
  mutation: z.string().optional(),
  provider: z.unknown().optional(),
  what: z.string().optional(),
  deliveryId: z.string().optional(),
});

let spoken: SpokenHouse;
let receiver: WebhookReceiver;
let uploadId: string;
const lines: string[] = [];

beforeAll(async () => {
  receiver = await openWebhookReceiver();
  const env = { WEBHOOK_ALLOW_PRIVATE: '1' };
  spoken = await openSpokenHouse(env, { level: 'debug', logTo: { write: (line) => lines.push(line) } });
});
afterAll(async () => {
  await spoken[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

/** Lines with this id, or all of them. */
const linesOf = (id?: string) =>
  lines
    .map((line) => logged.parse(JSON.parse(line)))
    .filter(({ correlationId }) => id === undefined || correlationId === id);

/** Tells the receiver from now on of runs that start and end. */
async function listen(): Promise<void> {
  const { house } = spoken;
  const whom = { workspaceId: house.workspaceId, url: receiver.url, idempotencyKey: crypto.randomUUID() };
  const { data } = await house.send(endpointDocument, { input: { ...whom, kinds: ['RUN_STARTED', 'RUN_FINISHED'] } });
  expect(data.createWebhookEndpoint?.errors).toEqual([]);
}

async function post(body: object, headers: Record<string, string> = {}): Promise<Response> {
  const { url, token } = spoken.house;
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify(body),
  });
}

describe('one id', () => {
  test('joins a request, its stages, and what they ask and tell others', { timeout: 180_000 }, async () => {
    const { house, openai } = spoken;
    const probing = await spoken.start({ transcript: true });
    uploadId = probing.uploadId;
    await house.follow(probing.runId);
    const firstId = linesOf().find(({ stage }) => stage === 'ingest')?.correlationId;
    const first = linesOf(firstId).map(({ mutation, stage, what }) => mutation ?? `${stage} ${what}`);
    expect(first).toEqual(expect.arrayContaining(['finalizeUpload', 'ingest read', 'ingest store']));
    await listen();
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
    const deliveries = await receiver.until(2);
    expect(deliveries.map(({ headers }) => headers['x-request-id'])).toEqual([id, id]);
    const sent = new Set(deliveries.map(({ headers }) => headers['webhook-id']));
    await eventually(() => expect(new Set(linesOf(id).flatMap(({ deliveryId }) => deliveryId ?? []))).toEqual(sent));
  });

  test('joins a query and the links that storage signs for it, of which no line tells one', async () => {
    const id = `signed-${crypto.randomUUID()}`;
    const answer = await post({ query: linkDocument.toString(), variables: { id: uploadId } }, { 'x-request-id': id });
    const [, link = ''] = /"url":"([^"]+)"/.exec(await answer.text()) ?? [];
    const token = new URL(link).searchParams.get('token') ?? '';
    expect(token).toMatch(/^eyJ/);
    expect(linesOf(id).filter(({ what }) => what === 'sign-download')).toHaveLength(1);
    expect(lines.filter((line) => line.includes(token))).toEqual([]);
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
