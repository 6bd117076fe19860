import { afterAll, beforeAll, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { announce, type House, openHouse, sendBytes } from '../../support/house.ts';

const targetDocument = graphql(`
  query SeeTarget($id: ID!) {
    node(id: $id) { ... on Upload { status target { protocol } } }
  }
`);

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false });
});
afterAll(() => house[Symbol.asyncDispose]());

const bytes = Buffer.from('sixteen bytes...');

test('who may only read the workspace sees an upload that waits, but no right to send it', async () => {
  const { upload } = await announce(house, bytes);
  const id = upload?.id ?? '';
  const reader = await house.keys.mint({ user: 'vera', workspace: 'analytical', role: 'viewer' });
  expect((await house.send(targetDocument, { id })).data.node).toMatchObject({
    target: { protocol: expect.stringMatching(/PUT|TUS/) },
  });
  expect((await house.send(targetDocument, { id }, reader)).data.node).toEqual({
    status: 'AWAITING_BYTES',
    target: null,
  });
});

test('there is no target once the bytes have arrived, also before they are finalized', async () => {
  const id = await sendBytes(house, bytes);
  const { data, errors } = await house.send(targetDocument, { id });
  expect(errors).toBeUndefined();
  expect(data.node).toEqual({ status: 'AWAITING_BYTES', target: null });
});
