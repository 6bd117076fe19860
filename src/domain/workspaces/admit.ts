import type { Database } from '#base/database.ts';
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
export async function admit({ prisma }: Database, session: Session): Promise<Viewer> {
  const home = homeOf(session);
  const known = await knownUser(prisma, session.userId);
  if (known?.memberships.some((row) => row.workspace.externalId === home.externalId && row.role === home.role)) {
    return viewerOf(known);
  }
  await enter(prisma, session, home);
  const entered = await knownUser(prisma, session.userId);
  if (!entered) throw new TypeError('a user is gone in the moment of entering');
  return viewerOf(entered);
}

function homeOf({ organization, userId, displayName }: Session): Home {
  if (organization) {
    const { id, slug, role } = organization;
    return { externalId: id, slug, name: slug, role: roles[role] ?? 'VIEWER' };
  }
  const name = displayName ?? userId;
  return {
    externalId: `user:${userId}`,
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

const viewerOf = (user: KnownUser): Viewer => ({
  userId: user.id,
  roles: new Map(user.memberships.map((row) => [row.workspaceId, row.role])),
});

async function enter(prisma: Database['prisma'], session: Session, home: Home): Promise<void> {
  const { role, ...place } = home;
  const user = await prisma.user.upsert({
    where: { externalId: session.userId },
    create: { externalId: session.userId, displayName: session.displayName ?? session.userId },
    update: {},
    select: { id: true },
  });
  const workspace = await prisma.workspace.upsert({
    where: { externalId: home.externalId },
    create: place,
    update: {},
    select: { id: true },
  });
  await prisma.workspaceMembership.upsert({
    where: { workspaceId_userId: { workspaceId: workspace.id, userId: user.id } },
    create: { workspaceId: workspace.id, userId: user.id, role },
    update: { role },
    select: { id: true },
  });
}
