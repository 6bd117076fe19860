import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { type House, openHouse } from '../../support/house.ts';

const planDocument = graphql(`
  mutation SetPlan($input: SetWorkspacePlanInput!) {
    setWorkspacePlan(input: $input) {
      workspace { slug usage { plan } }
      errors { code path }
    }
  }
`);

describe('the plan of a workspace', () => {
  let house: House;
  let root: string;

  beforeAll(async () => {
    house = await openHouse({ worker: false, env: { ADMIN_USER_IDS: 'user_root', DEFAULT_PLAN: 'free' } });
    root = await house.keys.mint({ user: 'root', workspace: 'operations', role: 'viewer' });
  });
  afterAll(() => house[Symbol.asyncDispose]());

  const set = async (plan: string, { token = root, workspaceId = house.workspaceId } = {}) =>
    (await house.send(planDocument, { input: { workspaceId, plan } }, token)).data.setWorkspacePlan;

  test('is changed by an admin of the deployment, in any workspace', async () => {
    expect(await set('creator')).toEqual({ workspace: { slug: 'analytical', usage: { plan: 'creator' } }, errors: [] });
    expect(await set('free')).toMatchObject({ workspace: { usage: { plan: 'free' } } });
  });

  test('is not changed by its own members', async () => {
    const owner = await house.keys.mint({ user: 'boss', workspace: 'analytical', role: 'owner' });
    expect(await set('unlimited', { token: owner })).toMatchObject({
      workspace: null,
      errors: [{ code: 'FORBIDDEN' }],
    });
  });

  test('of a workspace that the caller does not see is not found', async () => {
    const workspaceId = globalId('Workspace', crypto.randomUUID());
    expect(await set('free', { workspaceId })).toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
    const other = await house.keys.mint({ user: 'other', workspace: 'elsewhere' });
    expect(await set('free', { token: other })).toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
  });

  test('must be one that there is', async () => {
    expect(await set('platinum')).toMatchObject({ errors: [{ code: 'INVALID_INPUT', path: ['input', 'plan'] }] });
  });
});
