import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { visibleTo } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { requireRole } from '#graph/permissions.ts';

export const revokeApiKeyInput = z.object({ keyId: idOf('ApiKey') });

/** Ends a key at once, also on the sockets that it opened; once more changes nothing. */
export async function revokeApiKey(
  { keyId }: z.output<typeof revokeApiKeyInput>,
  viewer: Viewer,
  { database: { prisma } }: Api,
): Promise<{ keyId: string }> {
  const where = { id: keyId, ...visibleTo({ viewer }) };
  const key = await prisma.apiKey.findFirst({ where, select: { workspaceId: true } });
  if (!key) throw new Problem('NOT_FOUND', { what: 'The API key' });
  requireRole(viewer, key.workspaceId, 'revokeApiKey');
  await prisma.apiKey.updateMany({ where: { id: keyId, revokedAt: null }, data: { revokedAt: new Date() } });
  return { keyId };
}
