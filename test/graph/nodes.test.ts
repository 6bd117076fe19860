import { afterAll, beforeAll, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { type House, openHouse } from '../support/house.ts';

const nodesDocument = graphql(`query Nodes($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`);

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false });
});

afterAll(() => house[Symbol.asyncDispose]());

test('a batch keeps its order, and what is not there or not visible is null in its place', async () => {
  const absent = globalId('Upload', crypto.randomUUID());
  const { data, errors } = await house.send(nodesDocument, { ids: [absent, house.workspaceId, absent] });
  expect(errors).toBeUndefined();
  expect(data.nodes).toEqual([null, { __typename: 'Workspace', id: house.workspaceId }, null]);
});

test('more than a hundred ids are refused', async () => {
  const { data, errors } = await house.send(nodesDocument, { ids: Array(101).fill(house.workspaceId) });
  expect(data.nodes).toBeNull();
  expect(errors).toMatchObject([{ message: 'At most 100 ids at a time.', extensions: { code: 'BAD_USER_INPUT' } }]);
});
