import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf } from '#base/digest.ts';
import { graphql } from '#generated/client/gql.ts';
import { type House, openHouse } from '../support/house.ts';
import { seedUpload } from '../support/seed.ts';

const secret = `whsec_${Buffer.from('a secret that only both of us know').toString('base64')}`;
const hook = new Webhook(secret);

const whoDocument = graphql(`
  query WhoNow { viewer { user { displayName avatarUrl } workspaces { nodes { role workspace { slug name } } } } }
`);

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false, env: { CLERK_WEBHOOK_SIGNING_SECRET: secret } });
});
afterAll(() => house[Symbol.asyncDispose]());

interface Sent {
  readonly id?: string;
  readonly at?: Date;
  readonly by?: Webhook;
  readonly body?: string;
  readonly method?: string;
}

/** Sends a message as the identity provider does; gives the status. */
async function tell(
  type: string,
  data: object,
  { id = `msg_${crypto.randomUUID()}`, at = new Date(), by = hook, ...more }: Sent = {},
) {
  const written = JSON.stringify({ type, object: 'event', data, timestamp: at.getTime() });
  const headers = {
    'content-type': 'application/json',
    'svix-id': id,
    'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
    'svix-signature': by.sign(id, at, written),
  };
  const answer = await fetch(`${house.url}/webhooks/clerk`, { method: 'POST', headers, body: more.body ?? written });
  return answer.status;
}

const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

const userData = (id: string, { name = 'Ada', at = new Date(), status = 'verified' } = {}) => ({
  id: `user_${id}`,
  first_name: name,
  last_name: 'Lovelace',
  username: null,
  image_url: 'https://img.example.com/ada.png',
  has_image: true,
  primary_email_address_id: 'idn_1',
  email_addresses: [{ id: 'idn_1', email_address: `${id}@Example.com`, verification: { status } }],
  updated_at: at.getTime(),
});

const organizationData = (slug: string, { name = slug, at = new Date() } = {}) => ({
  id: `org_${slug}`,
  name,
  slug,
  updated_at: at.getTime(),
});

const membershipData = (user: string, slug: string, { role = 'org:admin', at = new Date() } = {}) => ({
  role,
  organization: organizationData(slug, { at }),
  public_user_data: { user_id: `user_${user}`, first_name: user, last_name: null, image_url: '', has_image: false },
  updated_at: at.getTime(),
});

const personOf = (user: string) => house.database.prisma.user.findUnique({ where: { externalId: `user_${user}` } });

async function workspacesOf(user: string, workspace: string) {
  const token = await house.keys.mint({ user, workspace });
  const { data } = await house.send(whoDocument, {}, token);
  return data.viewer?.workspaces.nodes.map(({ role, workspace: { slug } }) => `${slug} ${role}`).toSorted();
}

describe('a message', () => {
  test('that is not signed so, too old or changed on the way is refused and changes nothing', async () => {
    const other = new Webhook(`whsec_${Buffer.from('another secret altogether').toString('base64')}`);
    expect(await tell('user.created', userData('forged'), { by: other })).toBe(401);
    expect(await tell('user.created', userData('forged'), { at: minutesAgo(6) })).toBe(401);
    expect(await tell('user.created', userData('forged'), { body: '{"type":"user.created"}' })).toBe(401);
    const bare = await fetch(`${house.url}/webhooks/clerk`, { method: 'POST', body: '{}' });
    expect(bare.status).toBe(401);
    expect(await personOf('forged')).toBeNull();
  });

  test('of another shape is not asked for again, and one that we do not follow is taken', async () => {
    expect(await tell('user.created', { id: 7 })).toBe(422);
    expect(await tell('session.created', { id: 'sess_1' })).toBe(204);
  });

  test('is read up to a limit, and only by POST', async () => {
    expect(await tell('user.created', { filler: 'x'.repeat(300_000) })).toBe(413);
    expect((await fetch(`${house.url}/webhooks/clerk`)).status).toBe(405);
  });

  test('that comes again changes nothing, also where both come at once', async () => {
    const id = `msg_${crypto.randomUUID()}`;
    const data = userData('twice', { at: minutesAgo(1) });
    expect(await Promise.all([tell('user.created', data, { id }), tell('user.created', data, { id })])).toEqual([
      204, 204,
    ]);
    await house.database.prisma.user.update({ where: { externalId: 'user_twice' }, data: { displayName: 'Changed' } });
    expect(await tell('user.created', data, { id })).toBe(204);
    expect(await personOf('twice')).toMatchObject({ displayName: 'Changed' });
  });

  test('has no way in where no secret is configured', async () => {
    const bare = await house.openServer({ CLERK_WEBHOOK_SIGNING_SECRET: '' });
    expect((await fetch(`${bare.url}/webhooks/clerk`, { method: 'POST', body: '{}' })).status).toBe(404);
    await bare[Symbol.asyncDispose]();
  });
});

describe('a person', () => {
  test('is kept as the newest message says, in whatever order they come', async () => {
    await tell('user.updated', userData('lena', { name: 'Newest', at: minutesAgo(1) }));
    await tell('user.created', userData('lena', { name: 'Oldest', at: minutesAgo(2) }));
    expect(await personOf('lena')).toMatchObject({
      displayName: 'Newest Lovelace',
      email: 'lena@example.com',
      avatarUrl: 'https://img.example.com/ada.png',
    });
    await tell('user.updated', userData('lena', { status: 'unverified' }));
    expect(await personOf('lena')).toMatchObject({ email: null });
  });

  test('whose address was invited joins by the message, where tokens carry no address', async () => {
    const workspace = await house.database.prisma.workspace.findFirstOrThrow({ where: { slug: 'analytical' } });
    const expiresAt = new Date(Date.now() + 60_000);
    const data = { workspaceId: workspace.id, email: 'ines@example.com', role: 'VIEWER' as const, expiresAt };
    await house.database.prisma.workspaceInvitation.create({ data });
    await tell('user.created', userData('ines'));
    expect(await workspacesOf('ines', 'elsewhere')).toEqual(['analytical VIEWER', 'elsewhere ADMIN']);
  });

  test('who was deleted is erased, and an older token or message does not bring them back', async () => {
    const older = await house.keys.mint({ user: 'gone', workspace: 'left' });
    expect(await workspacesOf('gone', 'left')).toEqual(['left ADMIN']);
    const at = new Date(Date.now() + 1_000);
    expect(await tell('user.deleted', { id: 'user_gone', deleted: true }, { at })).toBe(204);
    expect(await house.send(whoDocument, {}, older)).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    await tell('user.updated', userData('gone', { at: minutesAgo(1) }));
    await tell('organizationMembership.created', membershipData('gone', 'left', { at: minutesAgo(1) }));
    expect(await personOf('gone')).toBeNull();
    const receipt = await house.database.prisma.erasureReceipt.findFirst({ where: { kind: 'PERSON' } });
    expect(receipt?.rows).toBeGreaterThan(0);
  });

  test('who was the last owner among others leaves the workspace to the next in rank', async () => {
    const { prisma } = house.database;
    const workspace = await prisma.workspace.create({ data: { externalId: 'made:1', slug: 'heirs', name: 'Heirs' } });
    const roles = { boss: 'OWNER', vera: 'VIEWER', adam: 'ADMIN' } as const;
    for (const [user, role] of Object.entries(roles)) {
      await tell('user.created', userData(user));
      const known = await personOf(user);
      await prisma.workspaceMembership.create({ data: { workspaceId: workspace.id, userId: known?.id ?? '', role } });
    }
    await tell('user.deleted', { id: 'user_boss' }, { at: new Date(Date.now() + 1_000) });
    const left = await prisma.workspaceMembership.findMany({
      where: { workspaceId: workspace.id },
      select: { role: true, user: { select: { externalId: true } } },
      orderBy: { role: 'asc' },
    });
    expect(left).toEqual([
      { role: 'OWNER', user: { externalId: 'user_adam' } },
      { role: 'VIEWER', user: { externalId: 'user_vera' } },
    ]);
  });
});

describe('a membership', () => {
  test('comes, changes and goes by messages, and all of a person count whichever the token names', async () => {
    await tell('organizationMembership.created', membershipData('mia', 'first', { at: minutesAgo(3) }));
    await tell('organizationMembership.created', membershipData('mia', 'second', { at: minutesAgo(3) }));
    const at = minutesAgo(2);
    await tell('organizationMembership.updated', membershipData('mia', 'second', { role: 'org:viewer', at }));
    await tell(
      'organizationMembership.updated',
      membershipData('mia', 'second', { role: 'org:owner', at: minutesAgo(3) }),
    );
    expect(await workspacesOf('mia', 'first')).toEqual(['first ADMIN', 'second VIEWER']);
    await tell('organizationMembership.deleted', membershipData('mia', 'second', { at }));
    expect(await workspacesOf('mia', 'first')).toEqual(['first ADMIN']);
  });

  test('that ended is not brought back by a token from before, nor by a late message', async () => {
    const before = await house.keys.mint({ user: 'paul', workspace: 'fired' });
    expect((await house.send(whoDocument, {}, before)).data.viewer?.workspaces.nodes).toHaveLength(1);
    const at = new Date(Date.now() + 1_000);
    await tell('organizationMembership.deleted', membershipData('paul', 'fired'), { at });
    await tell('organizationMembership.created', membershipData('paul', 'fired', { at: minutesAgo(1) }));
    expect((await house.send(whoDocument, {}, before)).data.viewer?.workspaces.nodes).toEqual([]);
    const again = membershipData('paul', 'fired', { at: new Date(Date.now() + 2_000), role: 'org:viewer' });
    await tell('organizationMembership.created', again);
    expect(await workspacesOf('paul', 'fired')).toEqual(['fired VIEWER']);
  });
});

describe('an organisation', () => {
  test('names its workspace, unless another one has the slug', async () => {
    await workspacesOf('nora', 'acme');
    await tell('organization.updated', organizationData('acme', { name: 'Acme Inc.' }));
    const { prisma } = house.database;
    expect(await prisma.workspace.findUnique({ where: { slug: 'acme' } })).toMatchObject({ name: 'Acme Inc.' });
    await tell('organization.created', { ...organizationData('acme', { name: 'Other' }), id: 'org_other' });
    const other = await prisma.workspace.findUniqueOrThrow({ where: { externalId: 'org_other' } });
    expect(other).toMatchObject({ name: 'Other', slug: expect.stringMatching(/^acme-[0-9a-f]{8}$/) });
  });

  test('that was deleted takes its workspace along, unless an owner was added to that here', async () => {
    const { prisma } = house.database;
    const ids: string[] = [];
    for (const slug of ['empty', 'kept']) {
      await workspacesOf('uma', slug);
      const { id } = await prisma.workspace.findUniqueOrThrow({ where: { slug } });
      ids.push(id);
      await seedUpload(house.database, { workspaceId: id, userId: (await personOf('uma'))?.id ?? '' });
    }
    await tell('user.created', userData('kai'));
    const kai = { workspaceId: ids[1] ?? '', userId: (await personOf('kai'))?.id ?? '', role: 'OWNER' as const };
    await prisma.workspaceMembership.create({ data: kai });
    const at = new Date(Date.now() + 60_000);
    for (const slug of ['empty', 'kept']) {
      expect(await tell('organization.deleted', { id: `org_${slug}`, deleted: true }, { at })).toBe(204);
    }
    const left = await prisma.workspace.findMany({
      where: { id: { in: ids } },
      select: { slug: true, memberships: { select: { role: true } }, uploads: { select: { title: true } } },
    });
    expect(left).toEqual([{ slug: 'kept', memberships: [{ role: 'OWNER' }], uploads: [{ title: 'Talk' }] }]);
    expect(await workspacesOf('uma', 'empty')).toEqual([]);
  });
});

test('of what has ended only hashes are kept', async () => {
  const rows = await house.database.prisma.endedIdentity.findMany({ select: { id: true } });
  expect(rows.map(({ id }) => id)).toContain(digestOf({ userId: 'user_gone' }));
  expect(JSON.stringify(rows)).not.toMatch(/user_|org_/);
});
