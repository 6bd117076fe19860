import { array, assert, constantFrom, double, nat, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import type { RunEvent, RunState } from '#client/run-state.ts';
import { reduceRun, runStateOf, unknownRun } from '#client/run-state.ts';

const stages = ['INGEST', 'TRANSCRIBE', 'CUT'] as const;
const statuses = ['QUEUED', 'RUNNING', 'WAITING', 'SUCCEEDED', 'FAILED'] as const;

const about = (sequence: number) => ({
  cursor: `c${sequence}`,
  runId: 'run',
  sequence,
  occurredAt: '2026-11-21T20:00:00.000Z',
});

/** Events as the API orders them: progress of the run never falls. */
const history = array(
  record({
    at: nat(2),
    status: constantFrom(...statuses),
    progress: double({ min: 0, max: 1, noNaN: true }),
    kind: constantFrom('status', 'progress', 'artifact'),
  }),
  { maxLength: 30 },
).map((steps) =>
  steps.map(({ at, status, progress, kind }, index): RunEvent => {
    const stage = stages[at] ?? 'CUT';
    const stageRun = { stageRunId: `s${at}`, stage, subject: null };
    const event = about(index + 1);
    if (kind === 'artifact') {
      const artifact = { __typename: 'Clip', id: `clip${index}` } as const;
      return { __typename: 'ArtifactReadyEvent', ...event, stageRunId: `s${at}`, artifact };
    }
    if (kind === 'progress') {
      const runProgress = (index + 1) / (steps.length + 1);
      return { __typename: 'StageProgressEvent', ...event, ...stageRun, stageProgress: progress, runProgress };
    }
    return { __typename: 'StageStatusEvent', ...event, ...stageRun, stageStatus: status, attempt: 1, failure: null };
  }),
);

const folded = (events: readonly RunEvent[], from: RunState = unknownRun): RunState => events.reduce(reduceRun, from);

const snapshotOf = (state: RunState, sequence: number): RunEvent => ({
  __typename: 'RunSnapshotEvent',
  ...about(sequence),
  reason: 'READER_TOO_SLOW',
  run: { ...state, id: 'run', stageRuns: [...state.stageRuns] },
});

test('a reader that missed events and got a snapshot sees the same as one that saw them all', () => {
  assert(
    property(history, nat(30), (events, at) => {
      const cut = Math.min(at, events.length);
      const before = folded(events.slice(0, cut));
      const resumed = folded([snapshotOf(before, cut), ...events.slice(cut)]);
      const whole = folded(events);
      expect({ ...resumed, announced: [] }).toEqual({ ...whole, announced: [], cursor: resumed.cursor });
    }),
  );
});

test('going on from a state that a query gave is the same as having followed from the start', () => {
  assert(
    property(history, nat(30), (events, at) => {
      const cut = Math.min(at, events.length);
      const before = folded(events.slice(0, cut));
      const read = runStateOf({ ...before, id: 'run', stageRuns: [...before.stageRuns] }, before.cursor);
      expect({ ...folded(events.slice(cut), read), announced: [] }).toEqual({ ...folded(events), announced: [] });
    }),
  );
});

test('each stage run is there once, and the cursor is that of the last event', () => {
  assert(
    property(history, (events) => {
      const { stageRuns, cursor, announced } = folded(events);
      expect(new Set(stageRuns.map(({ id }) => id)).size).toBe(stageRuns.length);
      expect(cursor).toBe(events.at(-1)?.cursor ?? null);
      expect(announced).toHaveLength(events.filter(({ __typename }) => __typename === 'ArtifactReadyEvent').length);
    }),
  );
});

test('a run that succeeded is done to the last part, and a failed one keeps how far it came', () => {
  const half = folded([
    {
      __typename: 'StageProgressEvent',
      ...about(1),
      stageRunId: 's',
      stage: 'CUT',
      subject: null,
      stageProgress: 1,
      runProgress: 0.5,
    },
  ]);
  const end = (runStatus: 'SUCCEEDED' | 'FAILED'): RunState =>
    reduceRun(half, { __typename: 'RunStatusEvent', ...about(2), runStatus, isFinal: true, failure: null });
  expect(end('SUCCEEDED')).toMatchObject({ isFinal: true, progress: 1 });
  expect(end('FAILED')).toMatchObject({ isFinal: true, progress: 0.5 });
});

test('a kind of event that is not known yet changes nothing but the cursor', () => {
  const unknown = JSON.parse(JSON.stringify({ __typename: 'DubReadyEvent', ...about(9) }));
  expect(reduceRun(unknownRun, unknown)).toEqual({ ...unknownRun, cursor: 'c9' });
});
