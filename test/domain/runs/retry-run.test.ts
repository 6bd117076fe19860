import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { retryVisibleRun } from '#domain/runs/retry-run.ts';
import { openFeed } from '#feed/feed.ts';
import { uncounted } from '#graph/rate-limits.ts';
import { seedUpload, tenantOf } from '../../support/seed.ts';
import { openTestRunner } from '../../support/stage-runner.ts';
import { gate, stepped, untilWaiting } from '../../support/steps.ts';

test('a retry and a commit of another run that stand in each other’s way both go through', async () => {
  await using bench = await openTestRunner();
  const { prisma } = bench.database;
  const { workspaceId, userId } = await tenantOf(bench.database, 'analytical');
  const { runId, stageRunId } = await bench.seed();
  await prisma.run.update({ where: { id: runId }, data: { status: 'FAILED', finishedAt: new Date() } });
  await prisma.stageRun.update({ where: { id: stageRunId }, data: { status: 'FAILED' } });
  const uploadId = await seedUpload(bench.database, { workspaceId, userId });
  const facts = { title: '', summary: '', importance: 0, topics: [], quote: '', signals: {} };
  const [first, second] = await prisma.highlight.createManyAndReturn({
    data: [0, 1].map((startMs) => ({ ...facts, workspaceId, uploadId, runId, startMs, endMs: 9 })),
  });
  const held = gate();
  const other = stepped(bench.database, async (tx) => {
    await tx.highlight.update({ where: { id: second?.id ?? '' }, data: { title: 'Of another run' } });
    await held.pass();
    await tx.highlight.update({ where: { id: first?.id ?? '' }, data: { title: 'Of another run' } });
  });
  await held.reached;
  const { env, log, database, storage, wake } = bench.runner.worker;
  await using feed = await openFeed(database.url, log);
  const viewer = { userId, roles: new Map([[workspaceId, 'OWNER' as const]]), admin: false, key: null };
  const input = { runId, stageRunIds: null, idempotencyKey: randomUUID() };
  const retrying = retryVisibleRun(input, viewer, { env, log, database, storage, wake, feed, rates: uncounted });
  await untilWaiting(bench.database, 'highlights');
  held.open();
  const [{ runId: retried }] = await Promise.all([retrying, other]);
  expect(await prisma.highlight.findMany({ select: { runId: true, title: true } })).toEqual([
    { runId: retried, title: 'Of another run' },
    { runId: retried, title: 'Of another run' },
  ]);
  expect(await prisma.run.count({ where: { retryOfId: runId } })).toBe(1);
});
