import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { schema } from '#schema.ts';
import { type Given, mutations } from '../support/documents.ts';
import { type House, openHouse } from '../support/house.ts';
import { jobCount } from '../support/queue.ts';
import {
  seedAccess,
  seedDerived,
  seedRun,
  seedTenant,
  seedUpload,
  seedWebhook,
  type Tenant,
  tenantOf,
} from '../support/seed.ts';

const nodeDocument = graphql(`query OneNode($id: ID!) { node(id: $id) { __typename id } }`);
const workspaceDocument = graphql(`
  query OneWorkspace($by: WorkspaceByInput!) {
    workspace(by: $by) { name viewerRole members { nodes { user { displayName } } } }
  }
`);
const pageDocument = graphql(`
  query PageOfUploads($id: ID!, $after: String) {
    workspace(by: { id: $id }) { uploads(first: 5, after: $after) { totalCount nodes { id } pageInfo { endCursor } } }
  }
`);

const homesDocument = graphql(`
  query PageOfWorkspaces($first: Int, $after: String, $last: Int, $before: String) {
    viewer { workspaces(first: $first, after: $after, last: $last, before: $before) { nodes { id } } }
  }
`);

const seenDocument = graphql(`
  query PageOfSeenWorkspaces($first: Int, $after: String, $last: Int, $before: String) {
    workspaces(first: $first, after: $after, last: $last, before: $before) { nodes { id } }
  }
`);

let house: House;
let stranger: Tenant;
let ids: Record<string, string>;
let theirToken: string;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  stranger = await seedTenant(house.database, 'stranger');
  theirToken = await house.keys.mint({ user: 'stranger', workspace: 'stranger', role: 'owner' });
  const { prisma } = house.database;
  const uploadId = await seedUpload(house.database, stranger, { status: 'AWAITING_BYTES' });
  const runId = await seedRun(house.database, stranger, uploadId);
  const { Artifact: _file, ...derived } = await seedDerived(house.database, stranger, { uploadId });
  const where = { workspaceId: stranger.workspaceId };
  const { endpointId, deliveryId } = await seedWebhook(house.database, stranger);
  ids = {
    ...derived,
    Workspace: stranger.workspaceId,
    User: stranger.userId,
    ...(await seedAccess(house.database, stranger)),
    Upload: uploadId,
    Run: runId,
    StageRun: (await prisma.stageRun.findFirstOrThrow({ where })).id,
    WebhookEndpoint: endpointId,
    WebhookDelivery: deliveryId,
  };
});
afterAll(() => house[Symbol.asyncDispose]());

const nodeTypes = Object.values(schema.getTypeMap()).filter(
  (type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node'),
);

test('each kind of object is tried below', () => {
  expect(Object.keys(ids).sort()).toEqual(nodeTypes.map(({ name }) => name).sort());
});

describe("an object of somebody else's workspace", () => {
  test.each(nodeTypes.map(({ name }) => name))('(%s) is not there, as one that does not exist', async (name) => {
    const theirs = globalId(name, ids[name] ?? '');
    const none = globalId(name, crypto.randomUUID());
    expect(await house.send(nodeDocument, { id: theirs }, theirToken)).toEqual({
      data: { node: { __typename: name, id: theirs } },
    });
    expect(await house.send(nodeDocument, { id: theirs })).toEqual(await house.send(nodeDocument, { id: none }));
    expect(await house.send(nodeDocument, { id: theirs })).toEqual({ data: { node: null } });
    expect((await house.send(nodeDocument, { id: theirs }, null)).data).toEqual({ node: null });
  });

  test.each(nodeTypes)('($name) is refused by its type, should a resolver forget to filter', (type) => {
    expect(type.extensions.pothosOptions).toMatchObject({ authScopes: expect.anything(), runScopesOnType: true });
  });

  test('is found by neither the id nor the slug of the workspace', async () => {
    const byId = (id: string) => ({ by: { id } });
    const bySlug = (slug: string) => ({ by: { slug } });
    const theirs = globalId('Workspace', stranger.workspaceId);
    expect((await house.send(workspaceDocument, bySlug('stranger'), theirToken)).data.workspace?.viewerRole).toBe(
      'OWNER',
    );
    const none = [
      ...[theirs, globalId('Workspace', crypto.randomUUID()), 'nonsense', '', house.token].map(byId),
      ...['stranger', 'nobody', '', '\u0000', "' or 1=1 --"].map(bySlug),
      byId(globalId('Upload', stranger.workspaceId)),
    ];
    for (const variables of none) {
      expect(await house.send(workspaceDocument, variables)).toEqual({ data: { workspace: null } });
    }
  });

  test('gives no place in a list to go on from', async () => {
    const mine = { id: house.workspaceId };
    const cursorOf = (id: string) => Buffer.from(`GPC:S:${id}`).toString('base64');
    // Older than the other: a list that went on from there would show it.
    await seedUpload(house.database, await tenantOf(house.database, 'analytical'), { createdAt: new Date(0) });
    const first = await house.send(pageDocument, mine);
    expect(first.data.workspace?.uploads.nodes).toHaveLength(1);
    const after = (id: string) => house.send(pageDocument, { ...mine, after: cursorOf(id) });
    const own = Buffer.from(first.data.workspace?.uploads.pageInfo.endCursor ?? '', 'base64').toString();
    expect(own).toMatch(/^GPC:S:/);
    expect(await after(ids.Upload ?? '')).toEqual(await after(crypto.randomUUID()));
    const membership = cursorOf(ids.WorkspaceMembership ?? '');
    const none = cursorOf(crypto.randomUUID());
    expect(await house.send(homesDocument, { last: 5, before: membership })).toEqual(
      await house.send(homesDocument, { last: 5, before: none }),
    );
    expect(await house.send(homesDocument, { first: 5, after: membership })).toEqual(
      await house.send(homesDocument, { first: 5, after: none }),
    );
    const workspace = cursorOf(ids.Workspace ?? '');
    expect(await house.send(seenDocument, { last: 5, before: workspace })).toEqual(
      await house.send(seenDocument, { last: 5, before: none }),
    );
    expect(await house.send(seenDocument, { first: 5, after: workspace })).toEqual(
      await house.send(seenDocument, { first: 5, after: none }),
    );
  });
});

describe('a change by ids of somebody else', () => {
  const state = async () => {
    const { prisma } = house.database;
    return {
      uploads: await prisma.upload.findMany({ where: { workspaceId: stranger.workspaceId } }),
      runs: await prisma.run.findMany(),
      keys: await prisma.idempotencyKey.count(),
      jobs: await jobCount(house.database),
    };
  };
  const given = (id: (name: string) => string): Given => ({
    workspaceId: globalId('Workspace', id('Workspace')),
    uploadId: globalId('Upload', id('Upload')),
    runId: globalId('Run', id('Run')),
    stageRunId: globalId('StageRun', id('StageRun')),
    transcriptId: globalId('Transcript', id('Transcript')),
    segmentId: globalId('TranscriptSegment', id('TranscriptSegment')),
    clipId: globalId('Clip', id('Clip')),
    highlightId: globalId('Highlight', id('Highlight')),
    contentId: globalId('Content', id('Content')),
    versionId: globalId('ContentVersion', id('ContentVersion')),
    endpointId: globalId('WebhookEndpoint', id('WebhookEndpoint')),
    deliveryId: globalId('WebhookDelivery', id('WebhookDelivery')),
    membershipId: globalId('WorkspaceMembership', id('WorkspaceMembership')),
    keyId: globalId('ApiKey', id('ApiKey')),
    key: crypto.randomUUID(),
  });

  test.each(Object.entries(mutations))('(%s) is answered as one by ids that do not exist', async (_name, document) => {
    const before = await state();
    const theirs = await house.send(
      document,
      given((name) => ids[name] ?? ''),
    );
    const none = await house.send(
      document,
      given(() => crypto.randomUUID()),
    );
    expect(theirs).toEqual(none);
    expect(theirs.data.done?.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await state()).toEqual(before);
  });
});
