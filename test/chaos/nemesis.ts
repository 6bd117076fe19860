import { setTimeout as wait } from 'node:timers/promises';
import type { Attempts } from './attempts.ts';
import type { Dice } from './dice.ts';
import type { ChaosWorker, Fleet } from './fleet.ts';
import type { History } from './history.ts';
import type { Models } from './models.ts';
import type { OwnPostgres } from './postgres.ts';
import type { RecoveryWatch } from './recovery.ts';
import { type StorageGate, storageFaults } from './storage-gate.ts';
import type { Subscribers } from './subscribers.ts';

/** All that can be hurt, and who takes note of it. */
export interface NemesisRig {
  readonly fleet: Fleet;
  readonly postgres: OwnPostgres;
  readonly gate: StorageGate;
  readonly models: Models;
  readonly subscribers: Subscribers;
  readonly recovery: RecoveryWatch;
  readonly attempts: Attempts;
  readonly history: History;
  readonly dice: Dice;
  /** After which silence a worker counts as dead. */
  readonly silentMs: number;
  /** Whether it is enough when every fault has come once. */
  readonly once: boolean;
  /** Where workers are only killed, one by one: how many. */
  readonly kills: number | null;
}

/**
 * Breaks things until `enough`, one thing after the other of each of three kinds: workers end, workers sleep, and what
 * is around them fails. The seed decides what is done, to whom, and how long it rests in between. Everything is whole
 * again when it resolves.
 */
export async function rage(rig: NemesisRig, enough: AbortSignal): Promise<void> {
  if (rig.kills !== null) return killOnly(rig, enough, rig.kills);
  await Promise.all([
    keepDoing(rig, enough, { faults: ends, weights: endWeights, restMs: [500, 2_500] }),
    keepDoing(rig, enough, { faults: sleeps, weights: sleepWeights, restMs: [5_000, 15_000] }),
    keepDoing(rig, enough, { faults: outages, weights: outageWeights, restMs: [500, 3_000] }),
  ]);
}

/** Three at a time, because a new worker takes seconds to start; every third is killed as it commits. */
async function killOnly(rig: NemesisRig, enough: AbortSignal, most: number): Promise<void> {
  let begun = 0;
  const lane = async (name: string): Promise<void> => {
    const dice = rig.dice.of(name);
    while (begun < most && !enough.aborted) {
      begun += 1;
      const kind = begun % 3 === 0 ? 'SIGKILL a worker as it commits' : 'SIGKILL a worker';
      rig.history.faults.push({ at: Date.now(), kind });
      await ends[kind](rig, dice);
    }
  };
  await Promise.all(['first', 'second', 'third'].map(lane));
}

type Doing = (rig: NemesisRig, dice: Dice) => Promise<unknown>;

interface Repertoire<Name extends string> {
  readonly faults: Readonly<Record<Name, Doing>>;
  readonly weights: Readonly<Record<Name, number>>;
  readonly restMs: readonly [number, number];
}

/** Each fault comes once, in an order of the seed's, before any comes again by its weight: none is left out. */
async function keepDoing<Name extends string>(
  rig: NemesisRig,
  enough: AbortSignal,
  does: Repertoire<Name>,
): Promise<void> {
  const { faults, weights, restMs } = does;
  const names = Object.keys(faults).filter((name): name is Name => name in faults);
  const dice = rig.dice.of(names.join());
  const first = names.map((name) => ({ name, at: dice.throw() })).sort((a, b) => a.at - b.at);
  while (!enough.aborted) {
    const name = first.shift()?.name ?? dice.weighed(weights);
    rig.history.faults.push({ at: Date.now(), kind: name });
    await faults[name](rig, dice);
    if (rig.once && first.length === 0) return;
    await wait(dice.between(...restMs), undefined, { signal: enough }).catch(() => {});
  }
}

const endWeights = {
  'SIGKILL a worker': 8,
  'SIGKILL a worker as it commits': 6,
  'SIGKILL all workers': 0.5,
  'SIGTERM a worker': 3,
};

const ends: Record<keyof typeof endWeights, Doing> = {
  'SIGKILL a worker': async (rig, dice) => killAndReplace({ ...rig, dice }, await take(rig, dice), 'kill'),
  'SIGKILL a worker as it commits': async (rig, dice) => {
    const worker = await take(rig, dice);
    await worker.door.stored(AbortSignal.timeout(4_000)).catch(() => {});
    // A commit takes a few milliseconds: before it, in it, or after it with its answer lost.
    await wait(dice.between(0, 25));
    await killAndReplace({ ...rig, dice }, worker, 'kill');
  },
  'SIGKILL all workers': async (rig, dice) => {
    const all = await Promise.all(idle(rig).map(() => take(rig, dice)));
    await Promise.all(all.map((worker) => killAndReplace({ ...rig, dice }, worker, 'blackout')));
  },
  'SIGTERM a worker': async (rig, dice) => deploy(rig, await take(rig, dice)),
};

const idle = ({ fleet }: NemesisRig): ChaosWorker[] => fleet.workers.filter(({ taken }) => !taken);

/** A worker that nobody else has plans for; waits for the next one to be hired where there is none. */
async function take(rig: NemesisRig, dice: Dice): Promise<ChaosWorker> {
  for (;;) {
    const [first, ...more] = idle(rig);
    const worker = first && dice.pick([first, ...more]);
    if (!worker) {
      await wait(100);
      continue;
    }
    worker.taken = true;
    return worker;
  }
}

async function killAndReplace(rig: NemesisRig, worker: ChaosWorker, cause: 'kill' | 'blackout'): Promise<void> {
  const at = Date.now();
  worker.spawned.signal('SIGKILL');
  await gone(rig, worker);
  await rig.recovery.lost(worker.workerId, at, cause);
  await wait(rig.dice.between(0, 1_500));
  await rig.fleet.hire();
}

async function gone({ fleet, attempts }: NemesisRig, worker: ChaosWorker): Promise<void> {
  await worker.spawned.ended;
  fleet.dismiss(worker);
  attempts.ended(worker.spawned.name, Date.now());
}

const deployMs = 10_000;

/** A new version of a worker takes the place of an old one, which has ten seconds to leave. */
async function deploy(rig: NemesisRig, worker: ChaosWorker): Promise<void> {
  const at = Date.now();
  worker.spawned.signal('SIGTERM');
  await gone(rig, worker);
  const tookMs = Date.now() - at;
  if (tookMs > deployMs) {
    const detail = `${worker.spawned.name} took ${tookMs} ms to stop`;
    rig.history.violations.push({ check: 'deploy', kind: 'broken', detail });
  }
  await rig.fleet.hire();
}

const sleepWeights = { 'SIGSTOP a worker past its lease': 1 };

const sleeps: Record<keyof typeof sleepWeights, Doing> = {
  'SIGSTOP a worker past its lease': async (rig, dice) => pausePastLease(rig, await take(rig, dice), dice),
};

/** A worker that sleeps so long that others take its work, and then wakes up in the middle of it. */
async function pausePastLease(rig: NemesisRig, worker: ChaosWorker, dice: Dice): Promise<void> {
  const at = Date.now();
  worker.spawned.signal('SIGSTOP');
  rig.attempts.paused(worker.spawned.name);
  await rig.recovery.lost(worker.workerId, at, 'pause');
  await wait(rig.silentMs + dice.between(2_000, 8_000));
  worker.spawned.signal('SIGCONT');
  worker.taken = false;
}

const outageWeights = {
  'storage fails': 4,
  'models fail': 4,
  'subscribers are cut off': 3,
  'crash PostgreSQL': 2,
  'SIGTERM an API': 1,
  'SIGKILL an API': 1,
};

const outages: Record<keyof typeof outageWeights, Doing> = {
  'storage fails': async ({ gate }, dice) => {
    gate.weather = { fault: dice.pick(storageFaults), share: dice.between(0.2, 0.7) };
    await wait(dice.between(2_000, 6_000));
    gate.weather = null;
  },
  'models fail': async ({ models }, dice) => {
    models.weather(dice.between(0.2, 0.6));
    await wait(dice.between(2_000, 8_000));
    models.weather(0);
  },
  'subscribers are cut off': async ({ subscribers }, dice) => {
    subscribers.drop(dice.between(0.2, 1));
  },
  'crash PostgreSQL': ({ postgres }) => postgres.crash(),
  'SIGTERM an API': ({ fleet }, dice) => dice.pick(fleet.apis).replace('SIGTERM'),
  'SIGKILL an API': ({ fleet }, dice) => dice.pick(fleet.apis).replace('SIGKILL'),
};
