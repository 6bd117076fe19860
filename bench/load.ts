import { setTimeout as wait } from 'node:timers/promises';
import { openLog } from '#base/log.ts';
import { graphql } from '#generated/client/gql.ts';
import { openWaker } from '#pipeline/wake.ts';
import { openAudience } from './support/audience.ts';
import { openCrowd, type Said } from './support/crowd.ts';
import { ms, percentile } from './support/figures.ts';
import { type House, openHouse, signedInAs, startWorker } from './support/house.ts';
import { memoryOf } from './support/peak-memory.ts';
import { type Figure, report } from './support/report.ts';
import { finalState, type StartedRun, sendTalk } from './support/runs.ts';
import { writeUpload } from './support/tenant.ts';
import { type WrittenRun, writeRun } from './support/written-run.ts';

// What one API bears, beside a worker that encodes: people at their pages, sockets that follow runs, and ten times more
// than it can answer. API, worker, people and sockets are processes of their own and share the machine's cores.
//   npm run bench:load [-- --seconds 30]

const stopDocument = graphql(
  `mutation LoadStop($input: CancelRunInput!) { cancelRun(input: $input) { errors { message } } }`,
);

const seconds = Number(process.argv[process.argv.indexOf('--seconds') + 1] ?? 30) || 30;
const people = 64;
/** A person reads what came before they ask again. */
const thinkMs = 500;

await pages();
await followed();

/** People and floods meet everything that stands in their way in production: rates are counted, addresses believed. */
async function pages(): Promise<void> {
  await using house = await openHouse([], { RATE_LIMITS: 'on', TRUST_PROXY: '1' });
  await beside(house);
  await overload(house);
}

/** Sockets of one person, more than one may have: without rates, and without a worker, who would take up their runs. */
async function followed(): Promise<void> {
  await using house = await openHouse();
  await sockets(house);
}

/** What people see beside a worker that has something to do. */
async function beside(house: House): Promise<void> {
  await using _worker = await startWorker(house, { SPEECH_TO_TEXT: 'captions', LANGUAGE_MODEL: 'extractive' });
  await filled(house);
  await mixed(house);
}

/** Something for the pages to show: twenty uploads, one of them with everything that is made of a talk. */
async function filled(house: House): Promise<void> {
  const { database } = house;
  const { userId, workspaceId } = await database.prisma.workspaceMembership.findFirstOrThrow();
  for (let upload = 0; upload < 19; upload += 1) await writeUpload(database, { workspaceId, userId });
  const { run } = await sendTalk(house, { contents: [{ kind: 'BLOG' }, { kind: 'LINKEDIN' }] });
  await finalState(house, run);
}

/** People at their pages for half a minute while a talk is cut into clips. */
async function mixed(house: House): Promise<void> {
  const encoding = keepEncoding(house);
  const crowd = await openCrowd(house, { crowd: 'person', people, thinkMs });
  const said = await crowd.during(seconds);
  await encoding.stop();
  const took = said.map(({ tookMs }) => tookMs);
  const wrong = said.filter(({ status, errors }) => status !== 200 || errors > 0);
  report(`${people} people for ${seconds} s, one request every ${thinkMs} ms each, beside a run that encodes`, [
    { what: 'requests a second', measured: (said.length / seconds).toFixed(0) },
    { what: 'of them writes', measured: `${said.filter(({ write }) => write).length} of ${said.length}` },
    { what: 'answers with an error', measured: String(wrong.length), wanted: '0', reached: wrong.length === 0 },
    {
      what: 'p50 / p95 / max',
      measured: [0.5, 0.95, 1].map((part) => ms(percentile(took, part))).join(' / '),
      wanted: 'p95 < 200 ms',
      reached: percentile(took, 0.95) < 200,
    },
  ]);
}

/** Starts a run that cuts clips, and another one whenever it is over, until it is told to stop. */
function keepEncoding(house: House): { stop(): Promise<void> } {
  const stopped = new AbortController();
  let running: StartedRun | undefined;
  const work = (async () => {
    for (let turn = 0; !stopped.signal.aborted; turn += 1) {
      // Nobody may send many recordings in a minute.
      const editor = await signedInAs(house, `editor-${turn}`);
      ({ run: running } = await sendTalk(editor, { clips: { presets: ['PORTRAIT_1080P', 'LANDSCAPE_720P'] } }));
      await finalState(house, running);
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      if (running) await house.send(stopDocument, { input: { runId: running.globalId } });
      await work;
    },
  };
}

/** A thousand sockets on fifty runs: whatever is committed arrives at all that follow it. */
async function sockets(house: House): Promise<void> {
  const { database } = house;
  await using wake = openWaker(database.pool, openLog('error'));
  const { userId, workspaceId } = await database.prisma.workspaceMembership.findFirstOrThrow();
  const uploadId = await writeUpload(database, { workspaceId, userId });
  const runs: WrittenRun[] = [];
  while (runs.length < 50)
    runs.push(await writeRun({ database, wake }, { workspaceId, uploadId, createdById: userId }));
  await using audience = openAudience(house);
  await audience.open(Array.from({ length: 20 }, () => runs.map((run) => run.globalId)).flat());
  const committed = new Map<number, number>();
  const events = 500;
  const startedAt = performance.now();
  for (let event = 0; event < events; event += 1) {
    await wait(Math.max(0, startedAt + event * 20 - performance.now()));
    const told = await runs[event % runs.length]?.tell(event + 1);
    committed.set(event + 1, told ?? 0);
  }
  const arrivals = await audience.arrivals(events * 20, 60_000);
  const took = arrivals.map(({ step, atMs }) => atMs - (committed.get(step) ?? Number.NaN));
  report('1,000 sockets follow 50 runs, 50 events a second', [
    {
      what: 'lost',
      measured: `${events * 20 - arrivals.length} of ${events * 20}`,
      wanted: '0',
      reached: arrivals.length === events * 20,
    },
    {
      what: 'commit to socket, p50 / p99 / max',
      measured: [0.5, 0.99, 1].map((part) => ms(percentile(took, part))).join(' / '),
      wanted: 'p99 <= 250 ms',
      reached: percentile(took, 0.99) <= 250,
    },
  ]);
}

/** Ten times the people, and none of them waits; then, at once, the usual ones again. */
async function overload(house: House): Promise<void> {
  const before = await memoryOf(house.api.pid);
  const crowd = await openCrowd(house, { crowd: 'flood', people: people * 10, thinkMs: 0 });
  const said = await crowd.during(10);
  const during = await memoryOf(house.api.pid);
  const usual = await openCrowd(house, { crowd: 'person', people, thinkMs, known: true });
  const after = await usual.during(5);
  const refused = said.filter(({ status }) => status === 503 || status === 429);
  const answered = said.filter(({ status }) => status === 200);
  const other = said.length - refused.length - answered.length;
  report(`${people * 10} clients for 10 s, none of them waits`, [
    {
      what: 'answered / refused at once with 429 / with 503',
      measured: [200, 429, 503].map((code) => said.filter(({ status }) => status === code).length).join(' / '),
    },
    { what: 'neither (cut off, no answer, 500)', measured: String(other), wanted: '0', reached: other === 0 },
    quickly('a refusal, p50 / p95 / max', refused, 1_000),
    quickly('an answer, p50 / p95 / max', answered, 2_000),
    {
      what: 'memory of the API before / at most',
      measured: `${before.now.toFixed(0)} / ${during.peak.toFixed(0)} MiB`,
      wanted: '<= 200 MiB more',
      reached: during.peak - before.now <= 200,
    },
    ...recovery(after),
  ]);
}

function quickly(what: string, said: readonly Said[], mostMs: number): Figure {
  const took = said.length > 0 ? said.map(({ tookMs }) => tookMs) : [0];
  return {
    what,
    measured: [0.5, 0.95, 1].map((part) => ms(percentile(took, part))).join(' / '),
    wanted: `p95 <= ${mostMs} ms`,
    reached: percentile(took, 0.95) <= mostMs,
  };
}

/** The second from which on nobody is refused and nobody waits. */
function recovery(said: readonly Said[]): Figure[] {
  const troubled = said.filter(({ status, tookMs }) => status !== 200 || tookMs > 200);
  const last = Math.max(0, ...troubled.map(({ atMs, tookMs }) => atMs + tookMs));
  return [
    {
      what: 'after it, the last refusal or wait of more than 200 ms ended after',
      measured: ms(last),
      wanted: '<= 5 s',
      reached: last <= 5_000 && said.length > 0,
    },
  ];
}
