import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { runStage } from '#work/run-stage.ts';
import type { StageWork } from '#work/stage.ts';
import { openTestRunner, type TestRunner } from '../support/stage-runner.ts';

type Work = StageWork['work'];

describe('an attempt that fails', () => {
  let opened: TestRunner;
  let stageRunId: string;

  beforeAll(async () => {
    opened = await openTestRunner();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  beforeEach(async () => {
    ({ stageRunId } = await opened.seed());
  });

  const where = () => ({ id: stageRunId });
  /** One attempt, at once also when the stage should wait for it; gives the row. */
  const attempt = async (work: Work) => {
    const { stageRun } = opened.database.prisma;
    await stageRun.update({ where: where(), data: { nextAttemptAt: null } });
    await runStage(opened.runner, { stage: 'ingest', work }, stageRunId);
    return stageRun.findUniqueOrThrow({ where: where() });
  };
  const failing =
    (thrown: unknown): Work =>
    async () => {
      throw thrown;
    };

  test('leaves its facts and its last log lines on the row, without what is secret', async () => {
    const cause = new Error('GET http://127.0.0.1/clips/a.mp4?token=abc failed');
    const row = await attempt(async ({ log, run }) => {
      for (let line = 1; line <= 60; line += 1) log.info({ line }, 'reading');
      log.info({ at: 'http://127.0.0.1/x?token=abc', of: run.id }, 'nearly there');
      throw new Problem('PROVIDER_REJECTED', { provider: 'storage', status: 403 }, cause);
    });
    expect(row).toMatchObject({
      status: 'FAILED',
      errorFacts: {
        code: 'PROVIDER_REJECTED',
        facts: { provider: 'storage', status: 403 },
        causes: [{ name: 'Error', message: 'GET http://127.0.0.1/clips/a.mp4?token=[redacted] failed' }],
      },
    });
    const lines = row.logExcerpt?.trimEnd().split('\n') ?? [];
    expect(lines.length).toBeGreaterThan(10);
    expect(row.logExcerpt?.length).toBeLessThanOrEqual(8_192);
    expect(lines.at(-1)).toContain('stage failed');
    expect(lines.at(-2)).toContain('token=[redacted]');
    expect(lines.every((line) => line.includes(stageRunId))).toBe(true);
  });

  test('shows them while it waits for the next one, and keeps the lines of two stages apart', async () => {
    const other = await opened.seed();
    const [row] = await Promise.all([
      attempt(async ({ log }) => {
        log.info('mine');
        throw new Problem('PROVIDER_UNAVAILABLE');
      }),
      runStage(
        opened.runner,
        {
          stage: 'ingest',
          work: async ({ log }) => {
            log.info('theirs');
            return async () => [];
          },
        },
        other.stageRunId,
      ),
    ]);
    expect(row).toMatchObject({ status: 'WAITING', errorFacts: { code: 'PROVIDER_UNAVAILABLE' } });
    expect(row.logExcerpt).toContain('mine');
    expect(row.logExcerpt).not.toContain('theirs');
  });

  test('for a reason we have no name for gets one more try, and then ends the stage', async () => {
    expect(await attempt(failing(new TypeError('x is not a function')))).toMatchObject({
      status: 'WAITING',
      attempt: 1,
    });
    expect(await attempt(failing(new TypeError('x is not a function')))).toMatchObject({
      status: 'FAILED',
      attempt: 2,
      failure: { code: 'INTERNAL' },
      errorFacts: { causes: [{ name: 'TypeError', message: 'x is not a function' }] },
    });
  });

  test('for passing reasons, with one in between that we have no name for, is tried as often as any', async () => {
    const reasons = [
      new Problem('PROVIDER_UNAVAILABLE'),
      new TypeError('odd'),
      new Problem('DISK_FULL'),
      new TypeError('odd'),
    ];
    for (const thrown of reasons) expect(await attempt(failing(thrown))).toMatchObject({ status: 'WAITING' });
    const last = await attempt(failing(new Problem('PROVIDER_UNAVAILABLE')));
    expect(last).toMatchObject({ status: 'FAILED', attempt: 5, failure: { code: 'PROVIDER_UNAVAILABLE' } });
  });
});
