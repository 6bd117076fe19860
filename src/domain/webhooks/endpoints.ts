import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { ActivityKind } from '#generated/prisma/enums.ts';
import { type Api, type Viewer, visibleTo } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { idempotencyKey, once } from '#graph/once.ts';
import { type MutationName, requireRole } from '#graph/permissions.ts';
import { newWebhookSecret } from '#providers/webhook-signature.ts';
import { checkedUrl } from './checked-url.ts';

/** Each activity is written once for every endpoint that wants it. */
const mostEndpoints = 20;

const kinds = z
  .array(z.enum(ActivityKind, 'Webhooks cannot tell this kind.'))
  .transform((wanted) => [...new Set(wanted)]);
const url = z.string().max(2_000, 'At most 2,000 characters.');

export const createWebhookEndpointInput = z.object({
  workspaceId: idOf('Workspace'),
  url,
  kinds: kinds.refine((wanted) => wanted.length > 0, 'Name at least one kind.'),
  idempotencyKey,
});

/** Adds an endpoint with a new secret. The same key of the same person gives the same endpoint, and its secret once more. */
export async function createWebhookEndpoint(
  input: z.output<typeof createWebhookEndpointInput>,
  viewer: Viewer,
  { database, env }: Api,
): Promise<{ endpointId: string; secret: string }> {
  const { workspaceId, idempotencyKey: key, ...rest } = input;
  requireRole(viewer, workspaceId, 'createWebhookEndpoint');
  const target = await checkedUrl(input.url, viewer, env);
  return database.prisma.$transaction(async (tx) => {
    const { answerId: id, replayed } = await once(tx, {
      workspaceId,
      key,
      operation: 'createWebhookEndpoint',
      // The answer holds a secret: to anybody else the key is one that was used already.
      input: { ...rest, by: viewer.userId },
    });
    const where = { workspaceId };
    // Two that are added at once must not both be the last one.
    await tx.$queryRaw`select 1 as locked from workspaces where id = ${workspaceId}::uuid for no key update`;
    if (!replayed && (await tx.webhookEndpoint.count({ where })) >= mostEndpoints)
      throw new Problem('INVALID_STATE', { reason: `A workspace has at most ${mostEndpoints} webhook endpoints.` });
    const data = { id, workspaceId, url: target, kinds: input.kinds, secret: newWebhookSecret() };
    const select = { secret: true } as const;
    const row = replayed
      ? await tx.webhookEndpoint.findFirst({ where: { id, workspaceId }, select })
      : await tx.webhookEndpoint.create({ data, select });
    if (!row) throw new Problem('NOT_FOUND', { what: 'The endpoint that this key made' });
    return { endpointId: id, secret: row.secret };
  });
}

export const updateWebhookEndpointInput = z.object({
  endpointId: idOf('WebhookEndpoint'),
  url: url.nullish(),
  kinds: kinds.nullish(),
});

/** Changes where an endpoint is or what it wants to be told; deliveries that wait go to the new place. */
export async function updateWebhookEndpoint(
  input: z.output<typeof updateWebhookEndpointInput>,
  viewer: Viewer,
  { database, env }: Api,
): Promise<{ endpointId: string }> {
  const { endpointId } = input;
  await endpointOf(database, viewer, { endpointId, name: 'updateWebhookEndpoint' });
  const target = typeof input.url === 'string' ? await checkedUrl(input.url, viewer, env) : null;
  await database.prisma.webhookEndpoint.updateMany({
    where: { id: endpointId },
    data: { ...(target !== null && { url: target }), ...(input.kinds && { kinds: input.kinds }) },
  });
  return { endpointId };
}

export const deleteWebhookEndpointInput = z.object({ endpointId: idOf('WebhookEndpoint') });

/** Removes an endpoint with its deliveries and their log. */
export async function deleteWebhookEndpoint(
  { endpointId }: z.output<typeof deleteWebhookEndpointInput>,
  viewer: Viewer,
  { database }: Api,
): Promise<{ deletedId: string }> {
  await endpointOf(database, viewer, { endpointId, name: 'deleteWebhookEndpoint' });
  await database.prisma.webhookEndpoint.deleteMany({ where: { id: endpointId } });
  return { deletedId: endpointId };
}

async function endpointOf(
  { prisma }: Api['database'],
  viewer: Viewer,
  { endpointId, name }: { endpointId: string; name: MutationName },
): Promise<void> {
  const where = { id: endpointId, ...visibleTo({ viewer }) };
  const row = await prisma.webhookEndpoint.findFirst({ where, select: { workspaceId: true } });
  if (!row) throw new Problem('NOT_FOUND', { what: 'The webhook endpoint' });
  requireRole(viewer, row.workspaceId, name);
}
