import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { type House, openHouse } from '../support/house.ts';

const nodesDocument = graphql(`query Nodes($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`);
const nodeDocument = graphql(`query NodeOfAnyType($id: ID!) { node(id: $id) { __typename id } }`);

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

describe.each([
  ['malformed', 'zz'],
  ['empty', ''],
  ['of a type that is unknown', globalId('Nothing', crypto.randomUUID())],
  ['of a type that is no object', globalId('DateTime', crypto.randomUUID())],
  ['of a type that has no ids', globalId('Query', crypto.randomUUID())],
  ['of the interface itself', globalId('Node', crypto.randomUUID())],
  ['of rows that are not found by their ids', globalId('Moment', crypto.randomUUID())],
  ['named as a property that every object has', globalId('__proto__', crypto.randomUUID())],
])('an id that is %s', (...[, none]) => {
  test('is the id of nothing', async () => {
    expect(await house.send(nodeDocument, { id: none })).toEqual({ data: { node: null } });
  });

  test('is null in its place of a batch, and the others are there', async () => {
    const workspace = { __typename: 'Workspace', id: house.workspaceId };
    const ids = [none, house.workspaceId, none, house.workspaceId];
    expect(await house.send(nodesDocument, { ids })).toEqual({ data: { nodes: [null, workspace, null, workspace] } });
  });
});

test('a hundred ids that are none are answered, one more is refused all the same', async () => {
  const ids = Array<string>(100).fill('zz');
  expect(await house.send(nodesDocument, { ids })).toEqual({ data: { nodes: Array(100).fill(null) } });
  const { errors } = await house.send(nodesDocument, { ids: [...ids, 'zz'] });
  expect(errors).toMatchObject([{ message: 'At most 100 ids at a time.', extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('more than a hundred ids are refused', async () => {
  const { data, errors } = await house.send(nodesDocument, { ids: Array(101).fill(house.workspaceId) });
  expect(data.nodes).toBeNull();
  expect(errors).toMatchObject([{ message: 'At most 100 ids at a time.', extensions: { code: 'BAD_USER_INPUT' } }]);
});
