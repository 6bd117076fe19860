import type { Aftermath } from './storm.ts';

/** Milliseconds, spread. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What was measured in a storm. */
export interface Figures {
  /** From the loss of a worker until each of its stages ran elsewhere. */
  readonly recovery: Spread;
  /** The same where all workers were lost at once: the start of a new one is part of it. */
  readonly blackout: Spread;
  /** Until they had left its hands: what is left of `recovery` they waited for a place. */
  readonly missed: Spread;
  /** From a cancel until the last attempt at the run had ended, its children with it. */
  readonly cancel: Spread;
  readonly runs: ReadonlyMap<string, number>;
  readonly reconnects: number;
}

/** Reads the figures off what stands. */
export async function figuresOf({ database, recovery, attempts, subscribers }: Aftermath): Promise<Figures> {
  const { prisma } = database;
  const kills = recovery.recoveries.filter(({ cause }) => cause === 'kill');
  const blackouts = recovery.recoveries.filter(({ cause }) => cause === 'blackout');
  const canceled = await prisma.run.findMany({
    where: { status: 'CANCELED' },
    select: { id: true, cancelRequestedAt: true },
  });
  const groups = await prisma.run.groupBy({ by: ['status'], _count: true });
  return {
    recovery: spreadOf(kills.map(({ lostAt, recoveredAt }) => (recoveredAt ?? Infinity) - lostAt)),
    blackout: spreadOf(blackouts.map(({ lostAt, recoveredAt }) => (recoveredAt ?? Infinity) - lostAt)),
    missed: spreadOf(kills.map(({ lostAt, missedAt }) => (missedAt ?? Infinity) - lostAt)),
    cancel: spreadOf(
      canceled.flatMap(({ id, cancelRequestedAt }) => {
        const askedAt = cancelRequestedAt?.getTime() ?? 0;
        const endedAt = attempts.lastEnd(id, askedAt);
        return endedAt === null ? [] : [endedAt - askedAt];
      }),
    ),
    runs: new Map(groups.map(({ status, _count }) => [status, _count])),
    reconnects: subscribers.all.reduce((sum, one) => sum + one.reconnects, 0),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}
