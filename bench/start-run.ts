import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type Database, openDatabase, type Tx } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { probeOnly } from '#pipeline/recipe.ts';
import { insertRun, type NewRun } from '#pipeline/start-run.ts';
import { mean, ms, percentile, timed } from './support/figures.ts';
import { type Ground, openGround } from './support/ground.ts';
import { report } from './support/report.ts';
import { type Tenant, writeTenant } from './support/tenant.ts';

// What starting a run costs: a run's row alone in a transaction, against the same transaction as `startRun` and
// `finalizeUpload` write it (`insertRun`: run, first stage run, its job, events). Rounds of both are interleaved.

const rounds = { warm: 100, alone: 400, together: 2_000 };
const clients = 16;

await using ground = await openGround();
await using database = openDatabase(ground.url, openLog('error'), { max: clients });
await using _worker = await listening(ground);
const tenants = await Promise.all(Array.from({ length: clients }, (_, at) => writeTenant(database, `tenant${at}`)));

type Insert = (tx: Tx, run: NewRun) => Promise<unknown>;

const bare: Insert = (tx, run) =>
  tx.run.create({ data: { ...run, correlationId: randomUUID() }, select: { id: true } });

await alone(rounds.warm);
const one = await alone(rounds.alone);
const many = { bare: await together(bare), whole: await together(insertRun) };
const ratio = percentile(one.whole, 0.5) / percentile(one.bare, 0.5);

report('Starting a run', [
  { what: '1 client, bare insert, p50 / mean', measured: spread(one.bare) },
  { what: '1 client, with its job and events, p50 / mean', measured: spread(one.whole) },
  { what: '1 client, ratio of p50', measured: ratio.toFixed(2), wanted: '<= 1.5', reached: ratio <= 1.5 },
  { what: `${clients} clients, bare inserts a second`, measured: many.bare.toFixed(0) },
  {
    what: `${clients} clients, runs started a second`,
    measured: many.whole.toFixed(0),
    wanted: '>= 250',
    reached: many.whole >= 250,
  },
]);

/** One client, both ways in turn, so that a slow moment of the machine meets both. */
async function alone(count: number) {
  const tenant = tenants[0] ?? (await writeTenant(database, 'alone'));
  const took = { bare: [] as number[], whole: [] as number[] };
  for (let round = 0; round < count; round += 1) {
    took.bare.push(await timed(() => start(database, tenant, bare)));
    took.whole.push(await timed(() => start(database, tenant, insertRun)));
  }
  return took;
}

/** All clients at once, each in a workspace of its own; runs a second. */
async function together(insert: Insert): Promise<number> {
  let left = rounds.together;
  const took = await timed(() =>
    Promise.all(
      tenants.map(async (tenant) => {
        while (left-- > 0) await start(database, tenant, insert);
      }),
    ),
  );
  return (rounds.together / took) * 1_000;
}

async function start({ prisma }: Database, { workspaceId, uploadId, userId }: Tenant, insert: Insert): Promise<void> {
  const run = { id: randomUUID(), workspaceId, uploadId, recipe: probeOnly, createdById: userId };
  await prisma.$transaction((tx) => insert(tx, run));
}

/** A connection that hears of every job, as a worker's does, and takes none. */
async function listening({ url }: Ground): Promise<AsyncDisposable> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('listen "jobs:insert"');
  return { [Symbol.asyncDispose]: () => client.end() };
}

function spread(values: readonly number[]): string {
  return `${ms(percentile(values, 0.5))} / ${ms(mean(values))}`;
}
