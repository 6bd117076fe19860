import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { openLog } from '#base/log.ts';
import { openWaker } from '#pipeline/wake.ts';
import { openAudience } from './support/audience.ts';
import { ms, percentile } from './support/figures.ts';
import { openHouse } from './support/house.ts';
import { report } from './support/report.ts';
import { writeUpload } from './support/tenant.ts';
import { type WrittenRun, writeRun } from './support/written-run.ts';

// From a worker's commit to sockets of one API process, and what a socket costs it that only waits. Writer, API and
// sockets are a process each and share the machine's cores. 4 events a second is what one stage of a run tells.

const sockets = 1_000;
const rates = { oneRun: { perSecond: 4, events: 80 }, ownRuns: { perSecond: 50, events: 500 } };
await using house = await openHouse(['--expose-gc', '--import', `${import.meta.dirname}/support/collect.ts`]);
const { database } = house;
await using wake = openWaker(database.pool, openLog('error'));
const { userId, workspaceId } = await database.prisma.workspaceMembership.findFirstOrThrow();
const uploadId = await writeUpload(database, { workspaceId, userId });
const runs: WrittenRun[] = [];
while (runs.length < 2 * sockets)
  runs.push(await writeRun({ database, wake }, { workspaceId, uploadId, createdById: userId }));
const own = runs.slice(0, sockets);
const [shared = missing()] = runs;
let step = 0;

await arriving(own.slice(0, 100), { perSecond: 50, events: 200 });
// First, because what a busy process took from the system it does not give back.
const idle = await idleCost();
const oneRun = await arriving(
  Array.from({ length: sockets }, () => shared),
  rates.oneRun,
);
const ownRuns = await arriving(own, rates.ownRuns);

report(`${sockets} sockets of one API`, [
  ...figures(`all follow one run, ${rates.oneRun.perSecond} events a second`, oneRun),
  ...figures(`each follows its own, ${rates.ownRuns.perSecond} events a second`, ownRuns),
  {
    what: 'memory with 0 / 1,000 / 2,000 waiting subscribers',
    measured: `${idle.residentKiB.map((kib) => (kib / 1_024).toFixed(0)).join(' / ')} MiB`,
  },
  {
    what: 'memory of a waiting subscriber',
    measured: `${idle.eachKiB.toFixed(1)} KiB`,
    wanted: '<= 60 KiB',
    reached: idle.eachKiB <= 60,
  },
]);

interface Arriving {
  /** Milliseconds from commit to socket, of each event at each socket. */
  readonly took: readonly number[];
  readonly lost: number;
  /** Processor time of the API for each event at each socket, its share of reading included. */
  readonly cpuMs: number;
}

/** Commits events at a rate, round and round over the runs that are followed, and meets each with its arrivals. */
async function arriving(
  followed: readonly WrittenRun[],
  rate: { perSecond: number; events: number },
): Promise<Arriving> {
  await using audience = openAudience(house);
  await audience.open(followed.map((run) => run.globalId));
  const written = [...new Set(followed)];
  const committed = new Map<number, number>();
  const [startedAt, cpuBefore] = [performance.now(), await processorMs()];
  for (let event = 0; event < rate.events; event += 1) {
    await wait(Math.max(0, startedAt + (event * 1_000) / rate.perSecond - performance.now()));
    const run = written[event % written.length] ?? missing();
    committed.set(++step, await run.tell(step));
  }
  const wanted = (rate.events * followed.length) / written.length;
  const arrivals = await audience.arrivals(wanted, 60_000);
  const took = arrivals.flatMap(({ step, atMs }) => atMs - (committed.get(step) ?? Number.NaN));
  return { took, lost: wanted - arrivals.length, cpuMs: ((await processorMs()) - cpuBefore) / wanted };
}

function figures(what: string, { took, lost, cpuMs }: Arriving) {
  return [
    {
      what: `${what}: commit to socket, p50 / p99 / max`,
      measured: [0.5, 0.99, 1].map((part) => ms(percentile(took, part))).join(' / '),
      wanted: 'p99 <= 250 ms',
      reached: percentile(took, 0.99) <= 250,
    },
    { what: `${what}: lost of ${took.length + lost}`, measured: `${lost}`, wanted: '0', reached: lost === 0 },
    { what: `${what}: processor time of the API for each`, measured: ms(cpuMs) },
  ];
}

/** Memory after its garbage is collected, with none, one and two lots of sockets that follow a run each. */
async function idleCost(): Promise<{ residentKiB: number[]; eachKiB: number }> {
  const resident = [await residentKiB()];
  await using audience = openAudience(house);
  for (const lot of [own, runs.slice(sockets)]) {
    await audience.open(lot.map((run) => run.globalId));
    resident.push(await residentKiB());
  }
  const [none = 0, , both = 0] = resident;
  return { residentKiB: resident, eachKiB: (both - none) / (2 * sockets) };
}

async function residentKiB(): Promise<number> {
  await house.api.tell('SIGUSR2', 'garbage collected');
  const status = await readFile(`/proc/${house.api.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}

/** User and system time of the API so far; the kernel counts hundredths of a second. */
async function processorMs(): Promise<number> {
  const stat = await readFile(`/proc/${house.api.pid}/stat`, 'utf8');
  const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
  return (user + system) * 10;
}

function missing(): never {
  throw new Error('nobody is followed');
}
