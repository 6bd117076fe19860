import type { Tx } from '#base/database.ts';
import { tellWorkspace } from '#pipeline/activity.ts';

/** A membership that came, changed or went. */
interface Change {
  readonly workspaceId: string;
  readonly membershipId: string;
  /** Who changed it; null where the identity provider did. */
  readonly actorId: string | null;
}

/** Tells the workspace that its members changed. Of its first member there is nobody to tell. */
export async function tellMember(tx: Tx, { workspaceId, membershipId: id, actorId }: Change): Promise<void> {
  const others = await tx.workspaceMembership.findFirst({
    where: { workspaceId, id: { not: id } },
    select: { id: true },
  });
  if (!others) return;
  const subject = { type: 'WorkspaceMembership', id };
  await tellWorkspace(tx, { workspaceId, kind: 'MEMBER_CHANGED', actorId, subject });
}
