import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WorkStatus } from '#generated/prisma/enums.ts';
import { endOf, isFinal, progressOf, type StageState } from '#pipeline/progress.ts';
import { type StageName, stageNames, stages } from '#pipeline/stages.ts';

const state = (stage: StageName, status: WorkStatus, progress = 0): StageState => ({ stage, status, progress });

/** What may happen to one of the open stage runs: which one, how far it gets, and how it ends if it ends. */
const step = fc.record({
  pick: fc.nat(50),
  progress: fc.double({ min: 0, max: 0.99, noNaN: true }),
  end: fc.option(fc.constantFrom('SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'FAILED', 'CANCELED', 'WAITING'), {
    nil: null,
  }),
  subjects: fc.nat(3),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** The planned stages, as any recipe needs them: each with its parent. */
const planned = fc.subarray(['highlight', 'cut', 'reel', 'write'] as const).map((wanted) => {
  const names = new Set<StageName>(['ingest', 'transcribe', ...wanted]);
  if (names.has('cut') || names.has('reel')) names.add('highlight');
  return stageNames.filter((name) => names.has(name));
});

/** States of a run after one more step: a stage that succeeds lays out its children in the same change. */
function next(states: readonly StageState[], { pick, progress, end, subjects }: Step, plan: readonly StageName[]) {
  const open = states.filter((one) => !isFinal(one.status));
  const moved = open[pick % Math.max(1, open.length)];
  if (!moved) return [...states];
  const further = { ...moved, progress: Math.max(moved.progress, progress), status: end ?? ('RUNNING' as const) };
  const others = states.map((one) => (one === moved ? further : one));
  if (end !== 'SUCCEEDED') return others;
  const children = plan.filter((name) => stages[name].parent === moved.stage);
  const laidOut = children.flatMap((name) =>
    Array.from({ length: stages[name].subject === null ? 1 : subjects }, () => state(name, 'QUEUED')),
  );
  return [...others, ...laidOut];
}

describe('progress of a run', () => {
  test('lies between 0 and 1 and never falls, whatever its stages go through', () => {
    fc.assert(
      fc.property(planned, fc.array(step, { maxLength: 60 }), (plan, steps) => {
        let states: StageState[] = [state('ingest', 'QUEUED')];
        let reached = progressOf(plan, states);
        for (const one of steps) {
          states = next(states, one, plan);
          const now = progressOf(plan, states);
          expect(now).toBeGreaterThanOrEqual(reached - 1e-12);
          expect(now).toBeLessThanOrEqual(1 + 1e-12);
          reached = now;
        }
        const done = states.every(({ status }) => status === 'SUCCEEDED');
        expect(done ? reached : 1).toBeCloseTo(1, 9);
      }),
    );
  });

  test('counts stages by their declared weight', () => {
    const plan = ['ingest', 'transcribe'] as const;
    expect(progressOf(plan, [state('ingest', 'QUEUED')])).toBe(0);
    expect(progressOf(plan, [state('ingest', 'RUNNING', 0.5)])).toBeCloseTo(0.5 * (10 / 40), 9);
    expect(progressOf(plan, [state('ingest', 'SUCCEEDED', 1), state('transcribe', 'QUEUED')])).toBeCloseTo(10 / 40, 9);
  });

  test('takes the mean over the subjects of a stage that repeats', () => {
    const done = (['ingest', 'transcribe', 'highlight'] as const).map((name) => state(name, 'SUCCEEDED', 1));
    const plan = ['ingest', 'transcribe', 'highlight', 'cut'] as const;
    const cuts = [state('cut', 'SUCCEEDED', 1), state('cut', 'RUNNING', 0.5), state('cut', 'QUEUED')];
    expect(progressOf(plan, [...done, ...cuts])).toBeCloseTo((45 + 40 * 0.5) / 85, 9);
    expect(progressOf(plan, done), 'no subjects at all').toBe(1);
  });
});

describe('the end of a run', () => {
  const ingested = state('ingest', 'SUCCEEDED', 1);
  const transcribed = state('transcribe', 'SUCCEEDED', 1);

  test.each<[string, StageState[], ReturnType<typeof endOf>]>([
    ['not while something is queued', [ingested, state('transcribe', 'QUEUED')], null],
    ['not while something runs', [ingested, state('transcribe', 'RUNNING', 0.9)], null],
    ['not while something waits', [ingested, state('transcribe', 'WAITING')], null],
    ['SUCCEEDED when everything did', [ingested, transcribed, state('write', 'SUCCEEDED', 1)], 'SUCCEEDED'],
    ['SUCCEEDED when the rest was not needed', [ingested, transcribed, state('write', 'SKIPPED')], 'SUCCEEDED'],
    ['FAILED when a required stage failed', [ingested, state('transcribe', 'FAILED', 0.3)], 'FAILED'],
    ['PARTIAL when an optional stage failed', [ingested, transcribed, state('highlight', 'FAILED')], 'PARTIAL'],
    [
      'PARTIAL when one subject of several failed',
      [ingested, transcribed, state('write', 'SUCCEEDED', 1), state('write', 'FAILED')],
      'PARTIAL',
    ],
    [
      'not for a failure while a sibling works',
      [ingested, transcribed, state('write', 'FAILED'), state('write', 'RUNNING')],
      null,
    ],
  ])('is %s', (_what, states, end) => {
    expect(endOf(states)).toBe(end);
  });
});
