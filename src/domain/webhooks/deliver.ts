import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { deliverChore } from '#pipeline/activity.ts';
import { sendWebhook, type WebhookAnswer } from '#providers/webhook-target.ts';
import { addChore } from '#work/chore.ts';
import type { Worker } from '#work/worker.ts';
import { targetRules } from './target-rules.ts';

const minutes = (count: number): number => count * 60_000;

/** Waits between attempts, in milliseconds, as Standard Webhooks suggests them: ten attempts in about three days. */
export const waits: readonly number[] = [
  5_000,
  minutes(5),
  minutes(30),
  minutes(2 * 60),
  minutes(5 * 60),
  minutes(10 * 60),
  minutes(14 * 60),
  minutes(20 * 60),
  minutes(24 * 60),
];
const longestWaitMs = minutes(24 * 60);

const payload = z.object({ deliveryId: z.uuid() });

/**
 * One attempt to deliver: sends the stored text, then writes what came of it and, where it failed, the job of the next
 * attempt in one commit. A worker killed in between sends again later, under the same `webhook-id`: receivers get each
 * message at least once and tell repeated ones by that id. Does nothing for a delivery that is gone, done or not due.
 */
export async function deliver(worker: Worker, given: unknown, signal: AbortSignal): Promise<void> {
  const { prisma } = worker.database;
  const due = await dueDelivery(prisma, payload.parse(given).deliveryId);
  if (!due) return;
  const message = { id: due.id, body: due.body, secret: due.endpoint.secret };
  const attempt = { rules: targetRules(worker.env), signal };
  const answer = await sendWebhook(new URL(due.endpoint.url), message, attempt);
  await prisma.$transaction((tx) => settle(tx, due, answer));
  const told = { deliveryId: due.id, attempt: due.attempts + 1, status: answer.status, reason: answer.error };
  worker.log[isDelivered(answer) ? 'debug' : 'warn'](told, 'webhook sent');
}

/** By the database's clock, which also decides when the queue gives the job out. */
async function dueDelivery(prisma: Tx, deliveryId: string) {
  const due = await prisma.$queryRaw<unknown[]>`
    select 1 as due from webhook_deliveries
    where id = ${deliveryId}::uuid and status = 'PENDING' and next_attempt_at <= clock_timestamp()`;
  if (due.length === 0) return null;
  const endpoint = { select: { id: true, url: true, secret: true } } as const;
  return prisma.webhookDelivery.findUnique({
    where: { id: deliveryId },
    select: { id: true, body: true, attempts: true, endpoint },
  });
}

type Due = NonNullable<Awaited<ReturnType<typeof dueDelivery>>>;

/** Only if no other attempt was counted since: of two workers that sent the same one, one writes. */
async function settle(tx: Tx, due: Due, answer: WebhookAnswer): Promise<void> {
  const number = due.attempts + 1;
  const next = isDelivered(answer) ? null : nextAttempt(number, answer);
  const { count } = await tx.webhookDelivery.updateMany({
    where: { id: due.id, attempts: due.attempts, status: 'PENDING' },
    data: {
      attempts: number,
      nextAttemptAt: next,
      ...(isDelivered(answer) && { status: 'DELIVERED', deliveredAt: new Date() }),
      ...(!isDelivered(answer) && !next && { status: 'FAILED' }),
    },
  });
  if (count === 0) return;
  await tx.webhookAttempt.create({
    data: {
      deliveryId: due.id,
      number,
      durationMs: answer.durationMs,
      responseStatus: answer.status,
      error: answer.error,
    },
    select: { number: true },
  });
  if (next) await addDelivery(tx, due.id, next);
  if (answer.status === gone)
    await tx.webhookEndpoint.updateMany({ where: { id: due.endpoint.id }, data: { kinds: [] } });
}

/** The receiver's word that it wants nothing more: its endpoint stays, and is told of no kind until somebody says so. */
const gone = 410;

const isDelivered = ({ status }: WebhookAnswer): boolean => status !== null && status >= 200 && status < 300;

/** When the next attempt is due after the given number of failed ones; null when that was the last. */
export function nextAttempt(number: number, answer: Pick<WebhookAnswer, 'status' | 'retryAfterMs'>): Date | null {
  const waitMs = waits[number - 1];
  if (waitMs === undefined || answer.status === gone) return null;
  // Up to a tenth more, so that a receiver that was down is not met by everything at once.
  const spread = waitMs * (1 + Math.random() / 10);
  return new Date(Date.now() + Math.max(spread, Math.min(answer.retryAfterMs ?? 0, longestWaitMs)));
}

/** Asks for the next attempt; one that already waits is moved. */
export const addDelivery = (tx: Tx, deliveryId: string, runAt: Date): Promise<void> =>
  addChore(tx, { name: deliverChore, payload: { deliveryId }, key: deliveryId, runAt });
