import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { schema } from '#schema.ts';
import { type House, openHouse } from '../support/house.ts';
import { seedTenant, type Tenant } from '../support/seed.ts';

const workspaceDocument = graphql(`
  query OneWorkspace($by: WorkspaceByInput!) {
    workspace(by: $by) { name viewerRole members { nodes { user { displayName } } } }
  }
`);

let house: House;
let stranger: Tenant;
let theirToken: string;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  stranger = await seedTenant(house.database, 'stranger');
  theirToken = await house.keys.mint({ user: 'stranger', workspace: 'stranger', role: 'owner' });
});
afterAll(() => house[Symbol.asyncDispose]());

const nodeTypes = Object.values(schema.getTypeMap()).filter(
  (type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node'),
);

// That nothing of somebody else is found, by any field, argument or change, is what test/leaks proves.
describe("an object of somebody else's workspace", () => {
  test.each(nodeTypes)('($name) is refused by its type, should a resolver forget to filter', (type) => {
    expect(type.extensions.pothosOptions).toMatchObject({ authScopes: expect.anything(), runScopesOnType: true });
  });

  test('is found by nothing that is no id or slug of it', async () => {
    const byId = (id: string) => ({ by: { id } });
    const bySlug = (slug: string) => ({ by: { slug } });
    expect((await house.send(workspaceDocument, bySlug('stranger'), theirToken)).data.workspace?.viewerRole).toBe(
      'OWNER',
    );
    const none = [
      ...['nonsense', '', house.token, globalId('Upload', stranger.workspaceId)].map(byId),
      ...['', '\u0000', "' or 1=1 --"].map(bySlug),
    ];
    for (const variables of none) {
      expect(await house.send(workspaceDocument, variables, theirToken)).toEqual({ data: { workspace: null } });
    }
  });
});
