import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { WorkspaceRole } from '#generated/prisma/enums.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { answerWith, idempotencyKey, onceIfKeyed } from '#graph/once.ts';
import { requireRole } from '#graph/permissions.ts';

/** Of one workspace that wait at a time: each is an address that somebody typed. */
const mostInvitations = 100;
const lastsDays = 30;

export const addWorkspaceMemberInput = z.object({
  workspaceId: idOf('Workspace'),
  email: z
    .email('This is not an e-mail address.')
    .max(254, 'At most 254 characters.')
    .transform((email) => email.toLowerCase()),
  role: z.enum(WorkspaceRole),
  idempotencyKey: idempotencyKey.nullish(),
});

type Input = z.output<typeof addWorkspaceMemberInput>;

/**
 * Invites an address: whoever signs in with it, once the identity provider has verified it, becomes a member. So it is
 * too for people who are here already: the answer does not tell whether they are. Once more changes the role and the 30
 * days that it lasts, but not by the same key. CONFLICT for somebody who is a member.
 */
export async function addWorkspaceMember(
  { workspaceId, email, role, idempotencyKey: key }: Input,
  viewer: Viewer,
  { database: { prisma } }: Api,
): Promise<{ invitationId: string }> {
  requireRole(viewer, workspaceId, role === 'OWNER' ? 'addWorkspaceMember.owner' : 'addWorkspaceMember');
  return prisma.$transaction(async (tx) => {
    const request = { workspaceId, key, operation: 'addWorkspaceMember', input: { email, role } };
    const { answerId, replayed } = await onceIfKeyed(tx, request);
    if (answerId && replayed) return { invitationId: answerId };
    // Two that are made at once must not both be the last one.
    await tx.$queryRaw`select 1 as locked from workspaces where id = ${workspaceId}::uuid for no key update`;
    if (await tx.workspaceMembership.findFirst({ where: { workspaceId, user: { email } }, select: { id: true } }))
      throw new Problem('CONFLICT', { reason: 'This person is a member already.', path: ['input', 'email'] });
    const waiting = { workspaceId, expiresAt: { gt: new Date() }, email: { not: email } };
    if ((await tx.workspaceInvitation.count({ where: waiting })) >= mostInvitations)
      throw new Problem('INVALID_STATE', { reason: `At most ${mostInvitations} invitations wait at a time.` });
    const expiresAt = new Date(Date.now() + lastsDays * 24 * 60 * 60 * 1000);
    const changes = { role, expiresAt, invitedById: viewer.userId };
    const { id } = await tx.workspaceInvitation.upsert({
      where: { workspaceId_email: { workspaceId, email } },
      create: { workspaceId, email, ...changes },
      update: changes,
      select: { id: true },
    });
    await answerWith(tx, request, id);
    return { invitationId: id };
  });
}
