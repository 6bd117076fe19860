import type { Database } from '#base/database.ts';

/** A workspace with an owner and a verified upload. */
export interface Tenant {
  readonly workspaceId: string;
  readonly userId: string;
  readonly uploadId: string;
}

/** Writes the rows of a tenant. `name` is also the identity provider's, so that its development token enters. */
export async function writeTenant({ prisma }: Database, name: string): Promise<Tenant> {
  const { id: userId } = await prisma.user.create({ data: { externalId: `user_${name}`, displayName: name } });
  const workspace = await prisma.workspace.create({ data: { externalId: `org_${name}`, slug: name, name } });
  const workspaceId = workspace.id;
  await prisma.workspaceMembership.create({ data: { userId, workspaceId, role: 'OWNER' } });
  const upload = await prisma.upload.create({
    data: {
      workspaceId,
      createdById: userId,
      title: 'Talk',
      fileName: 'talk.mp4',
      contentType: 'video/mp4',
      announcedBytes: 1_000,
      protocol: 'PUT',
      storageKey: `${workspaceId}/source`,
      status: 'READY',
    },
  });
  return { workspaceId, userId, uploadId: upload.id };
}
