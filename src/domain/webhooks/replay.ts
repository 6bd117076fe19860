import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { type Api, type Viewer, visibleTo } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { answerWith, idempotencyKey, onceIfKeyed } from '#graph/once.ts';
import { requireRole } from '#graph/permissions.ts';
import { addDelivery } from './deliver.ts';

export const replayWebhookDeliveryInput = z.object({
  deliveryId: idOf('WebhookDelivery'),
  idempotencyKey: idempotencyKey.nullish(),
});

/** Sends a delivery once more, whatever came of it, under the same id; one that waits is sent now. The same key sends once. */
export async function replayWebhookDelivery(
  { deliveryId, idempotencyKey: key }: z.output<typeof replayWebhookDeliveryInput>,
  viewer: Viewer,
  { database: { prisma } }: Api,
): Promise<{ deliveryId: string }> {
  const where = { id: deliveryId, ...visibleTo({ viewer }) };
  const row = await prisma.webhookDelivery.findFirst({ where, select: { workspaceId: true } });
  if (!row) throw new Problem('NOT_FOUND', { what: 'The delivery' });
  requireRole(viewer, row.workspaceId, 'replayWebhookDelivery');
  await prisma.$transaction(async (tx) => {
    const { workspaceId } = row;
    const request = { workspaceId, key, operation: 'replayWebhookDelivery', input: { deliveryId } };
    if ((await onceIfKeyed(tx, request)).replayed) return;
    await answerWith(tx, request, deliveryId);
    const now = new Date();
    await tx.webhookDelivery.updateMany({
      where: { id: deliveryId },
      data: { status: 'PENDING', nextAttemptAt: now, deliveredAt: null },
    });
    await addDelivery(tx, deliveryId, now);
  });
  return { deliveryId };
}
