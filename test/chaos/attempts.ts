import type { LogLine } from './spawned.ts';

/** An attempt at a stage, as the worker that makes it tells of it. */
interface Attempt {
  readonly runId: string;
  readonly startedAt: number;
  endedAt: number | null;
  /** Its worker was stopped in the middle of it: nobody there to obey. */
  paused: boolean;
}

/** When attempts began and ended: told by the workers' logs, since rows do not know when a child process is gone. */
export interface Attempts {
  readonly note: (worker: string, line: LogLine) => void;
  /** A worker is gone, and its attempts with it. */
  ended(worker: string, at: number): void;
  /** A worker is paused. */
  paused(worker: string): void;
  /** When the last attempt at this run had ended that was going on at `at`; null where none was. */
  lastEnd(runId: string, at: number): number | null;
}

const ends = new Set([
  'stage done',
  'stage failed',
  'stage failed, tried again later',
  'stage handed back',
  'stage canceled or taken over; nothing written',
]);

/** Opens the list. */
export function openAttempts(): Attempts {
  const open = new Map<string, Attempt>();
  const all: Attempt[] = [];
  return {
    note: (worker, { msg = '', runId, stageRunId, time }) => {
      if (!runId || !stageRunId) return;
      const id = `${worker} ${stageRunId}`;
      if (msg === 'stage starts') {
        const attempt = { runId, startedAt: time, endedAt: null, paused: false };
        open.set(id, attempt);
        all.push(attempt);
      } else if (ends.has(msg)) {
        const attempt = open.get(id);
        if (attempt) attempt.endedAt = time;
        open.delete(id);
      }
    },
    ended: (worker, at) => {
      for (const [id, attempt] of open) {
        if (!id.startsWith(`${worker} `)) continue;
        attempt.endedAt = at;
        open.delete(id);
      }
    },
    paused: (worker) => {
      for (const [id, attempt] of open) if (id.startsWith(`${worker} `)) attempt.paused = true;
    },
    lastEnd: (runId, at) => {
      const going = all.filter(
        (attempt) =>
          attempt.runId === runId && !attempt.paused && attempt.startedAt <= at && (attempt.endedAt ?? Infinity) > at,
      );
      return going.length === 0 ? null : Math.max(...going.map(({ endedAt }) => endedAt ?? Infinity));
    },
  };
}
