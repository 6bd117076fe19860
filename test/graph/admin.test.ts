import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { mutations, nothingGiven } from '../support/documents.ts';
import { type House, openHouse } from '../support/house.ts';
import { seedRun, seedTenant, seedUpload, type Tenant } from '../support/seed.ts';

const workspacesDocument = graphql(`
  query EveryWorkspace {
    viewer { admin workspaces { totalCount nodes { workspace { slug } } } }
    workspaces(first: 10) { totalCount nodes { slug viewerRole } }
  }
`);

const uploadDocument = graphql(`
  query SomebodysUpload($id: ID!, $workspaceId: ID!) {
    node(id: $id) { id ... on Upload { title target { url } runs { nodes { id } } } }
    workspace(by: { id: $workspaceId }) { viewerRole members { nodes { user { displayName } } } }
  }
`);

let house: House;
let stranger: Tenant;
let uploadId: string;
let root: string;

beforeAll(async () => {
  house = await openHouse({ worker: false, env: { ADMIN_USER_IDS: 'user_root' } });
  root = await house.keys.mint({ user: 'root', workspace: 'operations', role: 'viewer' });
  stranger = await seedTenant(house.database, 'stranger');
  uploadId = await seedUpload(house.database, stranger, { status: 'AWAITING_BYTES' });
});
afterAll(() => house[Symbol.asyncDispose]());

const theirs = () => ({
  ...nothingGiven,
  workspaceId: globalId('Workspace', stranger.workspaceId),
  uploadId: globalId('Upload', uploadId),
  key: crypto.randomUUID(),
});

describe('an admin of the deployment', () => {
  test('sees every workspace, and which ones are their own', async () => {
    const { data } = await house.send(workspacesDocument, {}, root);
    expect(data.viewer).toEqual({
      admin: true,
      workspaces: { totalCount: 1, nodes: [{ workspace: { slug: 'operations' } }] },
    });
    expect(data.workspaces?.totalCount).toBe(3);
    expect(data.workspaces?.nodes.toSorted((a, b) => (a.slug < b.slug ? -1 : 1))).toEqual([
      { slug: 'analytical', viewerRole: null },
      { slug: 'operations', viewerRole: 'VIEWER' },
      { slug: 'stranger', viewerRole: null },
    ]);
  });

  test("sees what is in somebody else's workspace, but gets no right to send its bytes", async () => {
    const runId = await seedRun(house.database, stranger, uploadId);
    const { workspaceId, uploadId: id } = theirs();
    const { data, errors } = await house.send(uploadDocument, { id, workspaceId }, root);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      node: { id, title: 'Talk', target: null, runs: { nodes: [{ id: globalId('Run', runId) }] } },
      workspace: { viewerRole: null, members: { nodes: [{ user: { displayName: 'stranger' } }] } },
    });
  });

  test('cancels a run there', async () => {
    const runId = globalId('Run', await seedRun(house.database, stranger, uploadId));
    const { data } = await house.send(mutations.cancelRun, { ...theirs(), runId }, root);
    expect(data.done).toEqual({ run: { id: runId }, errors: [] });
  });

  test.each(['createUpload', 'finalizeUpload', 'renewUploadTarget', 'startRun'] as const)(
    'may not do what takes a role there (%s)',
    async (name) => {
      const { data } = await house.send(mutations[name], { ...theirs(), runId: '' }, root);
      expect(data.done?.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
    },
  );
});

test('everybody else sees nothing more than before, even with the role of admin in their organisation', async () => {
  const { data } = await house.send(workspacesDocument, {});
  expect(data).toEqual({
    viewer: { admin: false, workspaces: { totalCount: 1, nodes: [{ workspace: { slug: 'analytical' } }] } },
    workspaces: { totalCount: 1, nodes: [{ slug: 'analytical', viewerRole: 'ADMIN' }] },
  });
  const { workspaceId, uploadId: id } = theirs();
  expect((await house.send(uploadDocument, { id, workspaceId })).data).toEqual({ node: null, workspace: null });
});

test('a caller without a token is told of no workspace', async () => {
  const { data, errors } = await house.send(workspacesDocument, {}, null);
  expect(data).toEqual({ viewer: null, workspaces: null });
  expect(errors).toHaveLength(1);
});
