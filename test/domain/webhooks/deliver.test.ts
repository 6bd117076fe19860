import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliver, nextAttempt, waits } from '#domain/webhooks/deliver.ts';
import { tellWorkspace } from '#pipeline/activity.ts';
import { newWebhookSecret } from '#providers/webhook-signature.ts';
import type { Worker } from '#work/worker.ts';
import { eventually } from '../../support/eventually.ts';
import { openTestRunner, type TestRunner } from '../../support/stage-runner.ts';
import { openWebhookReceiver, status, type WebhookReceiver } from '../../support/webhook-receiver.ts';

let ground: TestRunner;
let worker: Worker;
let receiver: WebhookReceiver;
let workspaceId: string;

beforeAll(async () => {
  ground = await openTestRunner();
  worker = { ...ground.runner.worker, env: { ...ground.runner.worker.env, WEBHOOK_ALLOW_PRIVATE: true } };
  receiver = await openWebhookReceiver();
  ({ id: workspaceId } = await ground.database.prisma.workspace.findFirstOrThrow());
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await ground[Symbol.asyncDispose]();
});

const prisma = () => ground.database.prisma;

async function addEndpoint(url = receiver.url): Promise<string> {
  await prisma().webhookEndpoint.deleteMany();
  const data = { workspaceId, url, kinds: ['RUN_FINISHED' as const], secret: newWebhookSecret() };
  return (await prisma().webhookEndpoint.create({ data, select: { id: true } })).id;
}

const activity = (kind: 'RUN_FINISHED' | 'RUN_STARTED' = 'RUN_FINISHED') => ({
  workspaceId,
  kind,
  actorId: null,
  subject: { type: 'Run', id: crypto.randomUUID() },
  status: 'SUCCEEDED',
});

/** A delivery to the receiver, or to another URL. */
async function addDelivery(url?: string): Promise<string> {
  await addEndpoint(url);
  await prisma().$transaction((tx) => tellWorkspace(tx, activity()));
  return (await prisma().webhookDelivery.findFirstOrThrow({ select: { id: true } })).id;
}

const attempt = (deliveryId: string) => deliver(worker, { deliveryId }, new AbortController().signal);
const delivery = (id: string) => prisma().webhookDelivery.findUniqueOrThrow({ where: { id }, include: { log: true } });
const bringForward = (id: string) =>
  prisma().webhookDelivery.updateMany({ where: { id }, data: { nextAttemptAt: new Date(0) } });

/** When the queue will give the delivery's job out; null without one. */
async function jobOf(deliveryId: string): Promise<Date | null> {
  const { rows } = await ground.database.pool.query<{ run_at: Date }>(
    'select run_at from graphile_worker.jobs where key = $1',
    [deliveryId],
  );
  return rows[0]?.run_at ?? null;
}

/** How many sessions of this database wait for a lock. */
async function lockWaits(): Promise<number> {
  const { rows } = await ground.database.pool.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length;
}

describe('an activity', () => {
  test('is written with a delivery and its job for each endpoint that wants its kind', async () => {
    await addEndpoint();
    await prisma().$transaction((tx) => tellWorkspace(tx, activity('RUN_STARTED')));
    expect(await prisma().webhookDelivery.count()).toBe(0);
    await prisma().$transaction((tx) => tellWorkspace(tx, activity()));
    const [row] = await prisma().webhookDelivery.findMany();
    expect(JSON.parse(row?.body ?? '')).toEqual({
      type: 'run.finished',
      timestamp: expect.any(String),
      data: {
        workspaceId: expect.any(String),
        subject: { type: 'Run', id: expect.any(String) },
        status: 'SUCCEEDED',
      },
    });
    expect(row?.body).not.toContain(workspaceId);
    expect(await jobOf(row?.id ?? '')).toBeInstanceOf(Date);
  });

  test('that is rolled back leaves neither activity nor delivery nor job', async () => {
    await addEndpoint();
    const before = await prisma().workspaceActivity.count();
    const rolledBack = prisma().$transaction(async (tx) => {
      await tellWorkspace(tx, activity());
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect(await prisma().workspaceActivity.count()).toBe(before);
    expect(await prisma().webhookDelivery.count()).toBe(0);
  });

  test('is not held up by an endpoint that is removed in the same moment', async () => {
    const endpointId = await addEndpoint();
    const [removed, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const removing = prisma().$transaction(async (tx) => {
      await tx.webhookEndpoint.delete({ where: { id: endpointId } });
      removed.resolve();
      await over.promise;
    });
    await removed.promise;
    const telling = prisma().$transaction((tx) => tellWorkspace(tx, activity()));
    await eventually(async () => expect(await lockWaits()).toBe(1));
    over.resolve();
    await Promise.all([removing, telling]);
    expect(await prisma().webhookDelivery.count()).toBe(0);
  });
});

describe('a delivery', () => {
  test('that is taken is done, and is not sent again by a job that comes late', async () => {
    const id = await addDelivery();
    const before = receiver.received.length;
    await attempt(id);
    await attempt(id);
    expect(receiver.received.slice(before)).toMatchObject([{ headers: { 'webhook-id': id } }]);
    expect(await delivery(id)).toMatchObject({
      status: 'DELIVERED',
      attempts: 1,
      nextAttemptAt: null,
      log: [{ number: 1, responseStatus: 204, error: null }],
    });
  });

  test('that fails waits for its next attempt, with a job for just that moment', async () => {
    const id = await addDelivery();
    receiver.script(status(500));
    await attempt(id);
    const row = await delivery(id);
    expect(row).toMatchObject({ status: 'PENDING', attempts: 1, log: [{ responseStatus: 500 }] });
    expect(await jobOf(id)).toEqual(row.nextAttemptAt);
    const before = receiver.received.length;
    await attempt(id);
    expect(receiver.received).toHaveLength(before);
  });

  test('waits as long as the receiver asks', async () => {
    const id = await addDelivery();
    receiver.script(status(429, { 'retry-after': '3600' }));
    const asked = Date.now();
    await attempt(id);
    const { nextAttemptAt } = await delivery(id);
    expect(nextAttemptAt?.getTime()).toBeGreaterThanOrEqual(asked + 3_600_000);
  });

  test('has the same id and body in every attempt, and fails for good after the last', async () => {
    const id = await addDelivery();
    const before = receiver.received.length;
    for (let number = 1; number <= waits.length + 1; number += 1) {
      receiver.script(status(302, { location: 'http://127.0.0.1/' }));
      await bringForward(id);
      await attempt(id);
    }
    const sent = receiver.received.slice(before);
    expect(sent).toHaveLength(10);
    expect(new Set(sent.map(({ headers, body }) => `${String(headers['webhook-id'])} ${body}`)).size).toBe(1);
    const row = await delivery(id);
    expect(row).toMatchObject({ status: 'FAILED', attempts: 10, nextAttemptAt: null });
    expect(row.log).toHaveLength(10);
  });

  test('to a receiver that is gone is given up, and its endpoint is told nothing more', async () => {
    const id = await addDelivery();
    receiver.script(status(410));
    await attempt(id);
    expect(await delivery(id)).toMatchObject({ status: 'FAILED', attempts: 1 });
    await prisma().$transaction((tx) => tellWorkspace(tx, activity()));
    expect(await prisma().webhookDelivery.count()).toBe(1);
  });

  test('of two workers that send it at once is counted once', async () => {
    const id = await addDelivery();
    const before = receiver.received.length;
    await Promise.all([attempt(id), attempt(id)]);
    expect(receiver.received.length - before).toBeGreaterThan(0);
    expect(await delivery(id)).toMatchObject({ status: 'DELIVERED', attempts: 1, log: [{ number: 1 }] });
  });

  test('to a target that became private is refused by the socket, and the log says why', async () => {
    const id = await addDelivery(receiver.url.replace('127.0.0.1', 'localhost'));
    const before = receiver.received.length;
    await deliver(ground.runner.worker, { deliveryId: id }, new AbortController().signal);
    expect(receiver.received).toHaveLength(before);
    expect(await delivery(id)).toMatchObject({
      status: 'PENDING',
      log: [{ responseStatus: null, error: 'The URL leads to a private network.' }],
    });
  });

  test('that a closing worker is sending is neither counted nor lost', async () => {
    const id = await addDelivery();
    const closing = new AbortController();
    receiver.script(() => closing.abort(new Error('shutting down')));
    await expect(deliver(worker, { deliveryId: id }, closing.signal)).rejects.toThrow('shutting down');
    expect(await delivery(id)).toMatchObject({ status: 'PENDING', attempts: 0, log: [] });
  });

  test('whose endpoint is removed is gone without a word', async () => {
    const id = await addDelivery();
    await prisma().webhookEndpoint.deleteMany();
    await attempt(id);
    expect(await prisma().webhookDelivery.count()).toBe(0);
  });
});

test('waits grow to a day, and no receiver can ask for more than that', () => {
  const waited = waits.map((_wait, at) => {
    const next = nextAttempt(at + 1, { status: 500, retryAfterMs: null });
    return (next?.getTime() ?? 0) - Date.now();
  });
  for (const [at, wait] of waits.entries()) {
    expect(waited[at]).toBeGreaterThan(wait - 1_000);
    expect(waited[at]).toBeLessThan(wait * 1.1 + 1_000);
  }
  const asked = nextAttempt(1, { status: 503, retryAfterMs: 10 ** 12 });
  expect((asked?.getTime() ?? 0) - Date.now()).toBeLessThan(25 * 60 * 60 * 1000);
  expect(nextAttempt(waits.length + 1, { status: 500, retryAfterMs: null })).toBeNull();
});
