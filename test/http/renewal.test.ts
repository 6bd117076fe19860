import { afterAll, beforeAll, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { rates } from '#graph/rates.ts';
import { type House, openHouse } from '../support/house.ts';
import { openRawSocket } from '../support/socket.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ worker: false, env: { RATE_LIMITS: 'on' } });
});
afterAll(() => house[Symbol.asyncDispose]());

test('a socket outlives its first token by one that came when no request was left', async () => {
  const mint = (ttlSeconds: number) => house.keys.mint({ user: 'eve', workspace: 'eves', ttlSeconds });
  const brief = await mint(10);
  await using renewed = await openRawSocket(house.url, brief);
  await using left = await openRawSocket(house.url, brief);
  const ask = () => fetch(`${house.url}/graphql?query={__typename}`, { headers: { authorization: `Bearer ${brief}` } });
  const answers = await Promise.all(Array.from({ length: rates.request.most }, ask));
  expect(answers.map(({ status }) => status).filter((status) => status === 429)).toHaveLength(2);
  renewed.send({ type: 'ping', payload: { token: await mint(600) } });
  expect(await left.closed).toBe(4403);
  renewed.send({ type: 'ping' });
  expect([await renewed.next(), await renewed.next()]).toEqual([{ type: 'pong' }, { type: 'pong' }]);
});

const replay = graphql(`
  mutation ReplayOften($input: ReplayWebhookDeliveryInput!) {
    replayWebhookDelivery(input: $input) { errors { code } }
  }
`);

test('a delivery is replayed as often as the table says', async () => {
  const deliveryId = Buffer.from(`WebhookDelivery:${crypto.randomUUID()}`).toString('base64url');
  const codes: (string | undefined)[] = [];
  for (let at = 0; at <= rates.webhook.most; at += 1) {
    const { data } = await house.send(replay, { input: { deliveryId } });
    codes.push(data.replayWebhookDelivery?.errors[0]?.code);
  }
  expect(codes).toEqual([...Array<string>(rates.webhook.most).fill('NOT_FOUND'), 'RATE_LIMITED']);
});
