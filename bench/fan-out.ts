import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
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
const own: WrittenRun[] = [];
while (own.length < sockets)
  own.push(await writeRun({ database, wake }, { workspaceId, uploadId, createdById: userId }));
const [shared = missing()] = own;
const memoryLine = z.object({ resident: z.number(), live: z.number() });
let step = 0;

await arriving(own.slice(0, 100), { perSecond: 50, events: 200 });
// First, because what a busy process took from the system it does not give back.
const idle = await idleCost();
const oneRun = await arriving(
  Array.from({ length: sockets }, () => shared),
  rates.oneRun,
);
const ownRuns = await arriving(own, rates.ownRuns);

const residents = `${idle.resident.map((bytes) => (bytes / 1024 ** 2).toFixed(0)).join(' / ')} MiB`;
report(`${sockets} sockets of one API`, [
  ...figures(`all follow one run, ${rates.oneRun.perSecond} events a second`, oneRun),
  ...figures(`each follows its own, ${rates.ownRuns.perSecond} events a second`, ownRuns),
  { what: 'resident with 0 / 1,000 / 2,000 / 3,000 waiting subscribers', measured: residents },
  { what: 'live memory of a waiting subscriber', measured: `${idle.liveKiB.toFixed(1)} KiB` },
  {
    what: 'resident memory of a waiting subscriber (1,000 to 3,000)',
    measured: `${idle.residentKiB.toFixed(1)} KiB`,
    wanted: '<= 60 KiB',
    reached: idle.residentKiB <= 60,
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

/**
 * Memory after the garbage is collected, with up to three lots of sockets that follow a run each. The first lot also
 * grows what all share (pools, compiled code, the young generation), so that the next two tell what each costs.
 */
async function idleCost(): Promise<{ resident: number[]; residentKiB: number; liveKiB: number }> {
  const left = [await memory()];
  await using audience = openAudience(house);
  for (let lot = 0; lot < 3; lot += 1) {
    await audience.open(own.map((run) => run.globalId));
    left.push(await memory());
  }
  const [, first, , third] = left;
  const each = (what: 'resident' | 'live') => ((third?.[what] ?? 0) - (first?.[what] ?? 0)) / (2 * sockets) / 1_024;
  return { resident: left.map(({ resident }) => resident), residentKiB: each('resident'), liveKiB: each('live') };
}

async function memory(): Promise<{ resident: number; live: number }> {
  return memoryLine.parse(JSON.parse(await house.api.tell('SIGUSR2', 'garbage collected')));
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
