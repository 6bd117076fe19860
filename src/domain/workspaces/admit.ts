import { createHash } from 'node:crypto';
import type { Database } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import type { Viewer } from '#graph/context.ts';
import type { Session } from '#providers/identity.ts';

/** The workspace a session is in: its organisation's, or the person's own. */
interface Home {
  readonly externalId: string;
  readonly slug: string;
  readonly name: string;
  readonly role: WorkspaceRole;
}

/** A workspace that may have to be made, and under which plan. */
interface NewHome extends Home {
  readonly plan: Env['DEFAULT_PLAN'];
}

const roles: Readonly<Record<string, WorkspaceRole>> = {
  owner: 'OWNER',
  admin: 'ADMIN',
  editor: 'EDITOR',
  member: 'EDITOR',
  viewer: 'VIEWER',
};

/**
 * The caller behind a verified session. Users, workspaces and memberships are made on first sight, so that a late
 * webhook of the identity provider locks nobody out; later sessions cost one statement.
 */
export async function admit(
  { database: { prisma }, env }: { database: Database; env: Pick<Env, 'ADMIN_USER_IDS' | 'DEFAULT_PLAN'> },
  session: Session,
): Promise<Viewer> {
  const home = homeOf(session);
  const admin = env.ADMIN_USER_IDS.includes(session.userId);
  const known = await knownUser(prisma, session.userId);
  if (known?.memberships.some((row) => row.workspace.externalId === home.externalId && row.role === home.role)) {
    return { ...viewerOf(known, session), admin, key: null };
  }
  await enter(prisma, session, { ...home, plan: env.DEFAULT_PLAN });
  const entered = await knownUser(prisma, session.userId);
  if (!entered) throw new TypeError('a user is gone in the moment of entering');
  return { ...viewerOf(entered, session), admin, key: null };
}

function homeOf(session: Session): Home {
  const { organization, userId, displayName } = session;
  if (organization) {
    const { id, slug, role } = organization;
    return { externalId: id, slug, name: slug, role: roles[role] ?? 'VIEWER' };
  }
  const name = displayName ?? userId;
  return {
    externalId: personalId(session),
    slug: `personal-${userId.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`,
    name,
    role: 'OWNER',
  };
}

const knownUser = (prisma: Database['prisma'], externalId: string) =>
  prisma.user.findUnique({
    where: { externalId },
    select: {
      id: true,
      memberships: { select: { workspaceId: true, role: true, workspace: { select: { externalId: true } } } },
    },
  });

type KnownUser = NonNullable<Awaited<ReturnType<typeof knownUser>>>;

/**
 * A session opens its own organisation and the person's own workspace, nothing else that was ever joined: a token names
 * only the active organisation, so of the others nobody has said that the membership still holds.
 */
function viewerOf(user: KnownUser, session: Session): Pick<Viewer, 'userId' | 'roles'> {
  const opened = [homeOf(session).externalId, personalId(session)];
  const memberships = user.memberships.filter((row) => opened.includes(row.workspace.externalId));
  return { userId: user.id, roles: new Map(memberships.map((row) => [row.workspaceId, row.role])) };
}

const personalId = ({ userId }: Session): string => `user:${userId}`;

/** A page asks several things at once, so the first requests of somebody new arrive together: every row is made by whoever is first. */
async function enter(prisma: Database['prisma'], session: Session, { role, ...place }: NewHome): Promise<void> {
  const { userId: externalId, displayName } = session;
  const select = { id: true };
  const skipDuplicates = true;
  await prisma.user.createMany({ data: { externalId, displayName: displayName ?? externalId }, skipDuplicates });
  await prisma.workspace.createMany({ data: [place, { ...place, slug: ownSlug(place) }], skipDuplicates });
  const user = await prisma.user.findUniqueOrThrow({ where: { externalId }, select });
  const workspace = await prisma.workspace.findUniqueOrThrow({ where: { externalId: place.externalId }, select });
  const membership = { userId: user.id, workspaceId: workspace.id };
  await prisma.workspaceMembership.createMany({ data: { ...membership, role }, skipDuplicates });
  await prisma.workspaceMembership.updateMany({ where: { ...membership, role: { not: role } }, data: { role } });
}

/** For an organisation whose slug belonged to another one, which had it first and was renamed since. */
const ownSlug = ({ externalId, slug }: Pick<Home, 'externalId' | 'slug'>): string =>
  `${slug}-${createHash('sha256').update(externalId).digest('hex').slice(0, 8)}`;
