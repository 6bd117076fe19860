import { randomUUID } from 'node:crypto';
import type { Database } from '#base/database.ts';

/** A workspace with an owner and a verified upload. */
export interface Tenant {
  readonly workspaceId: string;
  readonly userId: string;
  readonly uploadId: string;
}

/** Writes the rows of a tenant. */
export async function writeTenant(database: Database, name: string): Promise<Tenant> {
  const { prisma } = database;
  const { id: userId } = await prisma.user.create({ data: { externalId: `user_${name}`, displayName: name } });
  const workspace = await prisma.workspace.create({ data: { externalId: `org_${name}`, slug: name, name } });
  const workspaceId = workspace.id;
  await prisma.workspaceMembership.create({ data: { userId, workspaceId, role: 'OWNER' } });
  return { workspaceId, userId, uploadId: await writeUpload(database, { workspaceId, userId }) };
}

/** Writes the row of a verified upload; its id. */
export async function writeUpload(
  { prisma }: Database,
  { workspaceId, userId }: Omit<Tenant, 'uploadId'>,
): Promise<string> {
  const { id } = await prisma.upload.create({
    data: {
      workspaceId,
      createdById: userId,
      title: 'Talk',
      fileName: 'talk.mp4',
      contentType: 'video/mp4',
      announcedBytes: 1_000,
      protocol: 'PUT',
      storageKey: `${workspaceId}/${randomUUID()}/source`,
      status: 'READY',
    },
    select: { id: true },
  });
  return id;
}
