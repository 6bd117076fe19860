import type { ServerResponse } from 'node:http';
import { expect, test, vi } from 'vitest';
import { tellWorkspace } from '#pipeline/activity.ts';
import { newWebhookSecret } from '#providers/webhook-signature.ts';
import { addChore } from '#work/chore.ts';
import { openHouse } from '../../support/house.ts';
import { openWebhookReceiver } from '../../support/webhook-receiver.ts';

test('receivers that never answer take no place of any other work', async () => {
  await using receiver = await openWebhookReceiver();
  await using house = await openHouse({ env: { PROVIDER_CONCURRENCY: '1', WEBHOOK_ALLOW_PRIVATE: '1' } });
  const { prisma } = house.database;
  const { id: workspaceId } = await prisma.workspace.findFirstOrThrow();
  const { id: userId } = await prisma.user.findFirstOrThrow();
  const secret = newWebhookSecret();
  const endpoint = { workspaceId, url: receiver.url, kinds: ['RUN_STARTED' as const], secret };
  await prisma.webhookEndpoint.createMany({ data: [endpoint, endpoint] });
  const held: ServerResponse[] = [];
  const hold = (response: ServerResponse) => void held.push(response);
  receiver.script(hold, hold);
  const subject = { type: 'Run', id: crypto.randomUUID() };
  await prisma.$transaction((tx) => tellWorkspace(tx, { workspaceId, kind: 'RUN_STARTED', actorId: null, subject }));
  await receiver.until(2);
  const data = { userId, expiresAt: new Date(Date.now() + 60_000) };
  const { id: exportId } = await prisma.dataExport.create({ data });
  await addChore(prisma, { name: 'export', payload: { exportId, workspaceIds: [] }, key: exportId });
  await vi.waitFor(
    async () => expect(await prisma.dataExport.count({ where: { id: exportId, readyAt: { not: null } } })).toBe(1),
    { timeout: 7_000, interval: 100 },
  );
  expect(held.map(({ writableEnded, destroyed }) => writableEnded || destroyed)).toEqual([false, false]);
  for (const response of held) response.writeHead(204).end();
});
