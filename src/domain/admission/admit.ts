import type { Database, Tx } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import { throughOutage } from '#base/outage.ts';
import type { Viewer } from '#graph/context.ts';
import type { Waker } from '#pipeline/wake.ts';
import type { Session } from '#providers/identity.ts';
import { hasEnded, holdPerson } from './ended.ts';
import { type KnownPerson, knownPerson } from './known-person.ts';
import { heardOf, type Place, roleOf, settle } from './organization.ts';
import { redeem } from './redeem.ts';

/** What admitting needs of its process. */
export interface Lobby {
  readonly database: Database;
  readonly wake: Waker;
  readonly env: Pick<Env, 'ADMIN_USER_IDS' | 'DEFAULT_PLAN' | 'CLERK_WEBHOOK_SIGNING_SECRET'>;
}

const patienceMs = 2_000;
/** Without messages a token's word is noted anew when the last one is this old: what hangs on it holds for a day. */
const notedMs = 60 * 60_000;

/**
 * The caller behind a verified session; null for somebody who was deleted after it was signed. Users, workspaces and
 * memberships are made on first sight, so that a late message of the identity provider locks nobody out; whoever is known
 * as the token says costs one statement.
 */
export async function admit(lobby: Lobby, session: Session): Promise<Viewer | null> {
  const { prisma } = lobby.database;
  const known = await knownPerson(lobby.database, session.userId);
  if (known && isAsSaid(lobby, known, session)) return viewerOf(lobby, known, session);
  const joined = await throughOutage(
    () => patienceMs,
    () => prisma.$transaction((tx) => enter(tx, session, lobby.env), { timeout: 10_000, maxWait: 5_000 }),
  );
  if (!joined) return null;
  for (const id of joined) lobby.wake(id);
  const entered = await knownPerson(lobby.database, session.userId);
  return entered && viewerOf(lobby, entered, session);
}

/** Whether nothing of the token is news. A membership of somebody who was added here is not the token's to change. */
function isAsSaid({ env }: Lobby, known: KnownPerson, { userId, email, organization, issuedAt }: Session): boolean {
  const home = organization?.id ?? ownId(userId);
  const role = organization ? roleOf(organization.role) : 'OWNER';
  const isOlder = (at: number | null): boolean => at !== null && at > issuedAt.getTime();
  const isLate = (at: number | null): boolean =>
    env.CLERK_WEBHOOK_SIGNING_SECRET === undefined && at !== null && issuedAt.getTime() - at > notedMs;
  const membership = known.memberships.find(({ externalId }) => externalId === home);
  return (
    !known.invited &&
    (email === null || email === known.email || isOlder(known.knownAt)) &&
    membership !== undefined &&
    !isLate(membership.knownAt) &&
    (membership.role === role || membership.knownAt === null || isOlder(membership.knownAt))
  );
}

/** Somebody's own workspace, which is made where a session has no organisation. */
export const ownId = (userId: string): string => `user:${userId}`;

/** Gives the workspaces whose members changed; null for somebody who is gone. Several requests of one person take turns. */
async function enter(tx: Tx, session: Session, { DEFAULT_PLAN: plan }: Lobby['env']): Promise<string[] | null> {
  const { userId: externalId, organization, issuedAt: at } = session;
  await holdPerson(tx, externalId);
  if (await hasEnded(tx, [{ userId: externalId }], at)) return null;
  const person = await seen(tx, session);
  const joined = [...(await redeem(tx, person))];
  if (!organization) {
    await ownWorkspace(tx, person.id, { ...ownPlace(session), plan });
    return joined;
  }
  const organizationId = organization.id;
  const ids = { userId: externalId, organizationId };
  // Of one that has ended nothing is made, not even the workspace.
  if (await hasEnded(tx, [{ organizationId }, ids], at)) return joined;
  const { slug } = organization;
  const workspaceId = await settle(tx, { externalId: organizationId, slug, name: slug, plan });
  const role = roleOf(organization.role);
  const changed = await heardOf(tx, { userId: person.id, workspaceId, role, at, ids });
  return changed ? [...joined, workspaceId] : joined;
}

/** The person, made on first sight. An address that the token carries counts unless a message told of a newer one. */
async function seen(tx: Tx, { userId: externalId, displayName, email, issuedAt }: Session) {
  const name = displayName ?? externalId;
  await tx.user.createMany({ data: { externalId, displayName: name, email }, skipDuplicates: true });
  const older = { OR: [{ knownAt: null }, { knownAt: { lte: issuedAt } }] };
  if (email !== null) await tx.user.updateMany({ where: { externalId, ...older }, data: { email } });
  return tx.user.findUniqueOrThrow({ where: { externalId }, select: { id: true, email: true } });
}

const ownPlace = ({ userId, displayName }: Session): Omit<Place, 'plan'> => ({
  externalId: ownId(userId),
  slug: `personal-${userId.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`,
  name: displayName ?? userId,
});

async function ownWorkspace(tx: Tx, userId: string, place: Place): Promise<void> {
  const workspaceId = await settle(tx, place);
  await tx.workspaceMembership.createMany({ data: { userId, workspaceId, role: 'OWNER' }, skipDuplicates: true });
}

/**
 * A membership of an organisation counts while somebody says that it still holds: the token itself, or the provider's
 * messages, where they are configured. Those of people who were added here end here.
 */
function viewerOf({ env }: Lobby, known: KnownPerson, { userId, organization }: Session): Viewer {
  const inStep = env.CLERK_WEBHOOK_SIGNING_SECRET !== undefined;
  const memberships = known.memberships.filter(
    ({ knownAt, externalId }) => inStep || knownAt === null || externalId === organization?.id,
  );
  return {
    userId: known.id,
    roles: new Map(memberships.map(({ workspaceId, role }) => [workspaceId, role])),
    admin: env.ADMIN_USER_IDS.includes(userId),
    key: null,
  };
}
