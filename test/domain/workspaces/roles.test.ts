import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { mutations } from '../../support/documents.ts';
import { type House, openHouse } from '../../support/house.ts';
import {
  seedAccess,
  seedDerived,
  seedRun,
  seedUpload,
  seedWebhook,
  type Tenant,
  tenantOf,
} from '../../support/seed.ts';

const meDocument = graphql(`
  query WhoAmI($id: ID!) {
    viewer { user { displayName } workspaces { totalCount nodes { role workspace { slug viewerRole } } } }
    node(id: $id) { __typename }
    workspace(by: { id: $id }) { name }
  }
`);

let house: House;
let tenant: Tenant;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  tenant = await tenantOf(house.database, 'analytical');
});
afterAll(() => house[Symbol.asyncDispose]());

async function given() {
  const uploadId = await seedUpload(house.database, tenant, { status: 'AWAITING_BYTES' });
  const runId = await seedRun(house.database, tenant, uploadId);
  const stageRun = await house.database.prisma.stageRun.findFirstOrThrow({ where: { runId }, select: { id: true } });
  const derived = await seedDerived(house.database, tenant, { uploadId });
  const { endpointId, deliveryId } = await seedWebhook(house.database, tenant);
  const access = await seedAccess(house.database, tenant);
  return {
    workspaceId: house.workspaceId,
    uploadId: globalId('Upload', uploadId),
    runId: globalId('Run', runId),
    stageRunId: globalId('StageRun', stageRun.id),
    transcriptId: globalId('Transcript', derived.Transcript),
    segmentId: globalId('TranscriptSegment', derived.TranscriptSegment),
    highlightId: globalId('Highlight', derived.Highlight),
    contentId: globalId('Content', derived.Content),
    versionId: globalId('ContentVersion', derived.ContentVersion),
    clipId: globalId('Clip', derived.Clip),
    endpointId: globalId('WebhookEndpoint', endpointId),
    deliveryId: globalId('WebhookDelivery', deliveryId),
    membershipId: globalId('WorkspaceMembership', access.WorkspaceMembership),
    keyId: globalId('ApiKey', access.ApiKey),
    key: crypto.randomUUID(),
  };
}

describe('a VIEWER', () => {
  test('sees the workspace', async () => {
    const token = await house.keys.mint({ user: 'vera', workspace: 'analytical', role: 'viewer' });
    const { data, errors } = await house.send(meDocument, { id: house.workspaceId }, token);
    expect(errors).toBeUndefined();
    expect(data.viewer?.workspaces.nodes).toEqual([
      { role: 'VIEWER', workspace: { slug: 'analytical', viewerRole: 'VIEWER' } },
    ]);
    expect(data.workspace).toEqual({ name: 'analytical' });
  });
});

test.each(['editor', 'member', 'admin', 'owner'])('somebody whose role is %s may upload', async (role) => {
  const token = await house.keys.mint({ user: `an-${role}`, workspace: 'analytical', role });
  const { data } = await house.send(mutations.createUpload, await given(), token);
  expect(data.done?.errors).toEqual([]);
});

test('a role that we do not know only reads', async () => {
  const token = await house.keys.mint({ user: 'guest', workspace: 'analytical', role: 'guest' });
  const { data } = await house.send(mutations.createUpload, await given(), token);
  expect(data.done?.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
});

test('a role that was lowered counts from the next token on', async () => {
  const was = await house.keys.mint({ user: 'eve', workspace: 'analytical', role: 'admin' });
  expect((await house.send(mutations.createUpload, await given(), was)).data.done?.errors).toEqual([]);
  const is = await house.keys.mint({ user: 'eve', workspace: 'analytical', role: 'viewer' });
  expect((await house.send(mutations.createUpload, await given(), is)).data.done?.errors).toMatchObject([
    { code: 'FORBIDDEN' },
  ]);
});

test('a request without a token has no viewer, finds nothing and changes nothing', async () => {
  const { data, errors } = await house.send(meDocument, { id: house.workspaceId }, null);
  expect(data).toEqual({ viewer: null, node: null, workspace: null });
  expect(errors).toBeUndefined();
  const variables = await given();
  for (const document of Object.values(mutations)) {
    const refused = await house.send(document, variables, null);
    expect(refused.data).toEqual({ done: null });
    expect(refused.errors).toMatchObject([{ path: ['done'], extensions: { code: 'UNAUTHENTICATED' } }]);
  }
});

test.each<[string, () => Promise<string>]>([
  ['garbage', async () => 'garbage'],
  ['that has run out', () => house.keys.mint({ user: 'ada', workspace: 'analytical', ttlSeconds: -60 })],
  ['with a changed letter', async () => `${house.token.slice(0, -2)}${house.token.endsWith('AA') ? 'BB' : 'AA'}`],
  ['that somebody else signed', forged],
  ['without a signature', async () => `${house.token.split('.').slice(0, 2).join('.')}.`],
])('a request with a token (%s) that does not hold is told so, whatever it asks for', async (_what, token) => {
  const refused = { errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }] };
  const read = await house.send(meDocument, { id: house.workspaceId }, await token());
  expect(read).not.toHaveProperty('data');
  expect(read).toMatchObject(refused);
  const variables = await given();
  for (const document of Object.values(mutations)) {
    const change = await house.send(document, variables, await token());
    expect(change).not.toHaveProperty('data');
    expect(change).toMatchObject(refused);
  }
});

async function forged(): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256');
  const claims = JSON.parse(Buffer.from(house.token.split('.')[1] ?? '', 'base64url').toString());
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'development' }).sign(privateKey);
}
