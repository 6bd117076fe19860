import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { eventually } from '../../support/eventually.ts';
import { announce, type House, openHouse } from '../../support/house.ts';
import { openWebhookReceiver, status, type WebhookReceiver } from '../../support/webhook-receiver.ts';

const createDocument = graphql(`
  mutation CreateEndpoint($input: CreateWebhookEndpointInput!) {
    createWebhookEndpoint(input: $input) {
      errors { code message path }
      endpoint { id url kinds }
      secret
    }
  }
`);
const updateDocument = graphql(`
  mutation UpdateEndpoint($input: UpdateWebhookEndpointInput!) {
    updateWebhookEndpoint(input: $input) {
      errors { code message path }
      endpoint { id url kinds }
    }
  }
`);
const deleteDocument = graphql(`
  mutation DeleteEndpoint($input: DeleteWebhookEndpointInput!) {
    deleteWebhookEndpoint(input: $input) { errors { code } deletedId }
  }
`);
const replayDocument = graphql(`
  mutation ReplayDelivery($input: ReplayWebhookDeliveryInput!) {
    replayWebhookDelivery(input: $input) { errors { code } delivery { status attempts } }
  }
`);
const logDocument = graphql(`
  query WebhookLog($id: ID!) {
    workspace(by: { id: $id }) {
      webhookEndpoints(first: 30) {
        totalCount
        nodes {
          id
          deliveries {
            totalCount
            nodes { id webhookId kind body status attempts log { number responseStatus error } }
          }
        }
      }
    }
  }
`);

let house: House;
let receiver: WebhookReceiver;

beforeAll(async () => {
  house = await openHouse({ env: { WEBHOOK_ALLOW_PRIVATE: '1' } });
  receiver = await openWebhookReceiver();
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await house[Symbol.asyncDispose]();
});

const input = (more: object = {}) => ({
  workspaceId: house.workspaceId,
  url: receiver.url,
  kinds: ['UPLOAD_CREATED' as const],
  idempotencyKey: crypto.randomUUID(),
  ...more,
});

async function create(more: object = {}, at: Pick<House, 'send'> = house) {
  const { data } = await at.send(createDocument, { input: input(more) });
  return data.createWebhookEndpoint ?? { errors: [], endpoint: null, secret: null };
}

async function logOf(endpointId: string | undefined) {
  const { data } = await house.send(logDocument, { id: house.workspaceId });
  return data.workspace?.webhookEndpoints.nodes.find(({ id }) => id === endpointId)?.deliveries.nodes ?? [];
}

const remove = (endpointId: string | undefined) =>
  house.send(deleteDocument, { input: { endpointId: endpointId ?? '' } });

test('an endpoint is told what happens, may be told again, and its log shows both', async () => {
  const { endpoint, secret } = await create();
  expect(endpoint).toMatchObject({ url: receiver.url, kinds: ['UPLOAD_CREATED'] });
  expect(secret).toMatch(/^whsec_/);
  receiver.script(status(503));
  const { upload } = await announce(house, Buffer.alloc(10));
  const [sent] = await receiver.until(1);
  await eventually(async () => expect(await logOf(endpoint?.id)).toMatchObject([{ status: 'PENDING', attempts: 1 }]));
  const [delivery] = await logOf(endpoint?.id);
  expect(delivery).toMatchObject({ kind: 'UPLOAD_CREATED', body: sent?.body });
  expect(sent?.headers['webhook-id']).toBe(delivery?.webhookId);
  expect(JSON.parse(sent?.body ?? '')).toMatchObject({
    type: 'upload.created',
    data: { workspaceId: house.workspaceId, subject: { type: 'Upload', id: upload?.id } },
  });
  const replay = { deliveryId: delivery?.id ?? '', idempotencyKey: crypto.randomUUID() };
  const { data } = await house.send(replayDocument, { input: replay });
  expect(data.replayWebhookDelivery).toMatchObject({ errors: [], delivery: { status: 'PENDING' } });
  const [, again] = await receiver.until(2);
  expect([again?.headers['webhook-id'], again?.body]).toEqual([delivery?.webhookId, sent?.body]);
  await eventually(async () =>
    expect(await logOf(endpoint?.id)).toMatchObject([
      {
        status: 'DELIVERED',
        attempts: 2,
        log: [
          { number: 1, responseStatus: 503 },
          { number: 2, responseStatus: 204 },
        ],
      },
    ]),
  );
  const repeated = await house.send(replayDocument, { input: replay });
  expect(repeated.data.replayWebhookDelivery).toEqual({ errors: [], delivery: { status: 'DELIVERED', attempts: 2 } });
  await remove(endpoint?.id);
});

describe('an endpoint', () => {
  test('is added once for a key, and its secret is the answer to that key only', async () => {
    const same = { idempotencyKey: crypto.randomUUID() };
    const first = await create(same);
    expect(await create(same)).toEqual(first);
    expect(await create({ ...same, kinds: ['RUN_STARTED'] })).toMatchObject({
      errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
      secret: null,
    });
    await remove(first.endpoint?.id);
    expect(await create(same)).toMatchObject({ errors: [{ code: 'NOT_FOUND' }], endpoint: null, secret: null });
  });

  test('is changed and removed', async () => {
    const { endpoint } = await create();
    const change = { endpointId: endpoint?.id ?? '', url: `${receiver.url}/new`, kinds: ['RUN_FINISHED' as const] };
    expect((await house.send(updateDocument, { input: change })).data.updateWebhookEndpoint).toEqual({
      errors: [],
      endpoint: { id: endpoint?.id, url: `${receiver.url}/new`, kinds: ['RUN_FINISHED'] },
    });
    expect((await remove(endpoint?.id)).data.deleteWebhookEndpoint).toEqual({ errors: [], deletedId: endpoint?.id });
    expect((await remove(endpoint?.id)).data.deleteWebhookEndpoint).toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
  });

  test.each([
    ['no kind', { kinds: [] }, 'kinds'],
    ['a kind of streams only', { kinds: ['STREAM_RESET'] }, 'kinds'],
    ['no URL', { url: 'hook' }, 'url'],
    ['a URL of files', { url: 'file:///etc/passwd' }, 'url'],
    ['a URL with a password', { url: 'https://me:secret@example.org/' }, 'url'],
  ])('with %s is INVALID_INPUT', async (_what, more, where) => {
    const { errors, secret } = await create(more);
    expect(errors.map(({ code, path }) => [code, path?.[1]])).toEqual([['INVALID_INPUT', where]]);
    expect(secret).toBeNull();
  });

  test('tells its secret to nobody but who added it', async () => {
    const same = { idempotencyKey: crypto.randomUUID() };
    const { endpoint } = await create(same);
    const token = await house.keys.mint({ user: 'brunel', workspace: 'analytical', role: 'admin' });
    const { data } = await house.send(createDocument, { input: input(same) }, token);
    expect(data.createWebhookEndpoint).toMatchObject({
      errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
      endpoint: null,
      secret: null,
    });
    await remove(endpoint?.id);
  });

  test('is one of twenty at most', async () => {
    const asked = await Promise.all(Array.from({ length: 24 }, () => create()));
    const added = asked.flatMap(({ endpoint }) => endpoint ?? []);
    expect(added).toHaveLength(20);
    expect(await create()).toMatchObject({ errors: [{ code: 'INVALID_STATE' }] });
    for (const { id } of added) await remove(id);
  });
});

test('a private target is INVALID_INPUT where the deployment does not allow it', async () => {
  await using strict = await openHouse({ worker: false });
  for (const host of ['127.0.0.1', 'localhost', '169.254.169.254', '[::1]', '10.0.0.1']) {
    const own = { workspaceId: strict.workspaceId, url: `https://${host}:${receiver.port}/` };
    expect(await create(own, strict)).toMatchObject({
      errors: [{ code: 'INVALID_INPUT', path: ['input', 'url'], message: 'The URL leads to a private network.' }],
    });
  }
});

test('those who do not look after a workspace see none of its endpoints', async () => {
  const { endpoint } = await create();
  const token = await house.keys.mint({ user: 'vera', workspace: 'analytical', role: 'viewer' });
  const { data } = await house.send(logDocument, { id: house.workspaceId }, token);
  expect(data.workspace?.webhookEndpoints).toEqual({ totalCount: 0, nodes: [] });
  await remove(endpoint?.id);
});
