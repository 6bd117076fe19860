import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { Asked, ModelCall } from '#providers/model-calls.ts';
import { type Lease, takeLease } from '#work/lease.ts';
import { openModelCalls } from '#work/model-calls.ts';
import { seedRun, seedTenant, seedUpload } from '../support/seed.ts';
import { openTestRunner, type TestRunner } from '../support/stage-runner.ts';

const reply = z.object({ text: z.string() });
type Reply = z.output<typeof reply>;

/** A question that no other test asks. */
const question = (more: Partial<ModelCall<Reply>> = {}): ModelCall<Reply> => ({
  purpose: 'moments',
  model: 'gpt-4.1-mini',
  version: 'test:1',
  input: { prompt: crypto.randomUUID() },
  read: (stored) => reply.parse(stored),
  ...more,
});

const asking = (text: string) =>
  vi.fn<() => Promise<Asked>>(async () => ({
    answer: { text },
    consumed: { INPUT_TOKENS: 1_000, OUTPUT_TOKENS: 50 },
  }));

describe('questions to models', () => {
  let bench: TestRunner;

  beforeAll(async () => {
    bench = await openTestRunner();
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  /** An attempt at a stage of a new run, whether or not it is to ask again. */
  async function attempt(fresh: string | null = null): Promise<Lease> {
    const lease = await leaseOf((await bench.seed()).runId);
    return { ...lease, run: { ...lease.run, recipe: { ...lease.run.recipe, fresh } } };
  }

  async function leaseOf(runId: string): Promise<Lease> {
    const { id } = await bench.database.prisma.stageRun.findFirstOrThrow({ where: { runId } });
    const lease = await takeLease(bench.runner.worker, id, 'worker-1');
    if (!lease) throw new Error('the lease was not free');
    return lease;
  }

  const callsOf = (lease: Lease) => openModelCalls(bench.runner.worker, lease);
  const rowOf = (id: string | undefined) =>
    bench.database.prisma.modelCall.findUniqueOrThrow({ where: { id: id ?? '' } });

  test('are asked once: another run is given the answer and counts it as used', async () => {
    const call = question();
    const [first, second] = [callsOf(await attempt()), callsOf(await attempt())];
    const never = asking('not asked');
    expect(await first.answer(call, asking('yes'))).toEqual({ text: 'yes' });
    expect(await second.answer(call, never)).toEqual({ text: 'yes' });
    expect(never).not.toHaveBeenCalled();
    expect(second.used()).toEqual(first.used());
    expect(first.used()).toHaveLength(1);
  });

  test('leave a row with what they took, what that costs and when it expires', async () => {
    const lease = await attempt();
    const calls = callsOf(lease);
    await calls.answer(question(), asking('yes'));
    const row = await rowOf(calls.used()[0]?.id);
    expect(row).toMatchObject({
      stageRunId: lease.id,
      uploadId: lease.run.uploadId,
      model: 'gpt-4.1-mini',
      purpose: 'moments',
      answer: { text: 'yes' },
      answerBytes: 14,
      consumed: { INPUT_TOKENS: 1_000, OUTPUT_TOKENS: 50 },
      costMicros: 480n,
    });
    const days = (row.expiresAt.getTime() - row.createdAt.getTime()) / 86_400_000;
    expect(days).toBeCloseTo(30, 3);
  });

  test.each([
    ['model', { model: 'gpt-4.1' }],
    ['version', { version: 'test:2' }],
    ['input', { input: { prompt: 'another' } }],
  ])('with another %s are other questions', async (_what, change) => {
    const call = question();
    const calls = callsOf(await attempt());
    await calls.answer(call, asking('one'));
    expect(await calls.answer({ ...call, ...change }, asking('two'))).toEqual({ text: 'two' });
    expect(calls.used()).toHaveLength(2);
  });

  test('that two runs ask at once leave one row, and both go on with its answer', async () => {
    const call = question();
    const both = [callsOf(await attempt()), callsOf(await attempt())];
    const { promise: bothAsk, resolve: release } = Promise.withResolvers<void>();
    let asked = 0;
    const answers = await Promise.all(
      both.map((calls, at) =>
        calls.answer(call, async () => {
          asked += 1;
          if (asked === both.length) release();
          await bothAsk;
          return { answer: { text: `answer ${at}` }, consumed: {} };
        }),
      ),
    );
    expect(asked).toBe(2);
    expect(answers[0]).toEqual(answers[1]);
    expect(both[0]?.used()).toEqual(both[1]?.used());
  });

  test('of an attempt that lost its lease meanwhile are not remembered, and end it', async () => {
    const { prisma } = bench.database;
    const lease = await attempt();
    const before = await prisma.modelCall.count();
    const answering = callsOf(lease).answer(question(), async () => {
      await prisma.stageRun.update({ where: { id: lease.id }, data: { attemptToken: crypto.randomUUID() } });
      return { answer: { text: 'too late' }, consumed: {} };
    });
    await expect(answering).rejects.toMatchObject({ code: 'CANCELED' });
    expect(await prisma.modelCall.count()).toBe(before);
  });

  test('that fail leave nothing, and are asked by the next attempt', async () => {
    const call = question();
    const calls = callsOf(await attempt());
    const broken = new Error('the service is gone');
    await expect(calls.answer(call, () => Promise.reject(broken))).rejects.toBe(broken);
    expect(calls.used()).toEqual([]);
    expect(await calls.answer(call, asking('now'))).toEqual({ text: 'now' });
  });

  test.each([
    ['expired', { expiresAt: new Date(0) }],
    ['an answer that can no longer be read', { answer: { words: 3 } }],
  ])('whose row is %s are asked again, and the new answer stands', async (_what, data) => {
    const call = question();
    const first = callsOf(await attempt());
    await first.answer(call, asking('old'));
    await bench.database.prisma.modelCall.update({ where: { id: first.used()[0]?.id ?? '' }, data });
    const second = callsOf(await attempt());
    expect(await second.answer(call, asking('new'))).toEqual({ text: 'new' });
    expect(await callsOf(await attempt()).answer(call, asking('not asked'))).toEqual({ text: 'new' });
    expect(second.used()).not.toEqual(first.used());
  });

  test('of a run that is to ask again are asked, once for it and its retries, and leave the others alone', async () => {
    const call = question();
    await callsOf(await attempt()).answer(call, asking('usual'));
    const fresh = crypto.randomUUID();
    expect(await callsOf(await attempt(fresh)).answer(call, asking('fresh'))).toEqual({ text: 'fresh' });
    expect(await callsOf(await attempt(fresh)).answer(call, asking('not asked'))).toEqual({ text: 'fresh' });
    expect(await callsOf(await attempt()).answer(call, asking('not asked'))).toEqual({ text: 'usual' });
  });

  test('keep to their workspace', async () => {
    const call = question();
    await callsOf(await attempt()).answer(call, asking('ours'));
    const others = await seedTenant(bench.database, 'difference');
    const runId = await seedRun(bench.database, others, await seedUpload(bench.database, others));
    expect(await callsOf(await leaseOf(runId)).answer(call, asking('theirs'))).toEqual({ text: 'theirs' });
  });

  test('may be answered with characters that PostgreSQL has no room for', async () => {
    const call = question();
    const calls = callsOf(await attempt());
    const odd = await calls.answer(call, asking(`a\u0000b\uD800c \\u0000 d`));
    expect(odd).toEqual({ text: 'ab\uFFFDc \\u0000 d' });
    expect(await calls.answer(call, asking('not asked'))).toEqual(odd);
  });
});
