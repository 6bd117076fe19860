import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { openHeartbeat, workerFacts } from '#work/worker-heartbeat.ts';
import { openTestDatabase } from '../support/database.ts';
import { type Line, openLine } from '../support/line.ts';

const log = openLog('silent');
const facts = { speechToText: 'captions', languageModel: 'extractive', ffmpeg: '5.1', recipeVersion: 1 };
const patient = { timeout: 8_000, interval: 50 };

describe('the heartbeat of a worker', () => {
  let direct: Database;
  let line: Line;
  let database: Database;

  beforeAll(async () => {
    direct = await openTestDatabase();
    line = await openLine(direct.url);
    database = openDatabase(line.url, log);
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await line[Symbol.asyncDispose]();
    await direct[Symbol.asyncDispose]();
  });

  const row = () => direct.prisma.worker.findUnique({ where: { id: 'w' } });
  const open = (queueIds: string[]) =>
    openHeartbeat({ database, log }, { workerId: 'w', queueIds: () => queueIds, facts });

  test('says who it is from the start, goes on, follows the names of its runners, and ends with it', async () => {
    const queueIds = ['pool-1'];
    const heartbeat = await open(queueIds);
    const first = await row();
    expect(first).toMatchObject({ queueIds: ['pool-1'] });
    expect(workerFacts.parse(first?.facts)).toEqual(facts);
    queueIds.push('pool-2');
    await vi.waitFor(async () => {
      const now = await row();
      expect(now?.queueIds).toEqual(['pool-1', 'pool-2']);
      expect(now?.heartbeatAt.getTime()).toBeGreaterThan(first?.heartbeatAt.getTime() ?? 0);
    }, patient);
    await heartbeat[Symbol.asyncDispose]();
    expect(await row()).toBeNull();
  });

  test('comes back when its worker was taken for dead and wakes', async () => {
    await using _heartbeat = await open([]);
    await direct.prisma.worker.deleteMany();
    await vi.waitFor(async () => expect(await row()).not.toBeNull(), patient);
  });

  test('is steady only while every beat is written, so that an outage makes nobody look dead', async () => {
    await using heartbeat = await open([]);
    await vi.waitFor(() => expect(heartbeat.steadyMs()).toBeGreaterThan(1_500), patient);
    await line.cut();
    await vi.waitFor(() => expect(heartbeat.steadyMs()).toBeLessThan(500), patient);
    await line.mend();
    await vi.waitFor(() => expect(heartbeat.steadyMs()).toBeGreaterThan(1_500), patient);
  });
});
