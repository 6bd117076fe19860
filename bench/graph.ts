import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { globalId } from '#base/global-id.ts';
import { keysOf } from '#base/record.ts';
import { percentile } from './support/figures.ts';
import { common } from './support/graph-answers.ts';
import { type Page, pages } from './support/graph-pages.ts';
import { writeRows } from './support/graph-rows.ts';
import { openFloor, openPeer, ours, type Shown } from './support/graph-servers.ts';
import { openHouse } from './support/house.ts';
import { type Answered, loaded } from './support/load.ts';
import { type Figure, report } from './support/report.ts';

// What reading a page costs: ours, signed in and a member, against PostGraphile without any authorization and against one
// statement by hand behind bare HTTP. All three on the same rows, in turn, after their answers were compared.

const rounds = 3;
const pace = { connections: 32, seconds: 8, warmSeconds: 4 };

await using house = await openHouse();
await writeRows(house.database);
await using peer = await openPeer(house);
await using floor = await openFloor(house);
const servers = [ours(house), peer, floor];
const rows = await shownRows();

for (const page of keysOf(pages)) {
  await compare(page);
  const measured = await inTurn(page);
  report(`The ${page} page`, figuresOf(measured));
}

interface Row {
  readonly rowId: string;
  readonly globalId: string;
}

/** What is shown of the workspace that the bench's own user is in: itself, its uploads, its runs. */
async function shownRows(): Promise<Record<Page, Row[]>> {
  const { prisma } = house.database;
  const { workspaceId } = await prisma.workspaceMembership.findFirstOrThrow({ select: { workspaceId: true } });
  const of = { where: { workspaceId }, select: { id: true } } as const;
  const named =
    (type: string) =>
    ({ id }: { id: string }) => ({ rowId: id, globalId: globalId(type, id) });
  return {
    dashboard: [{ id: workspaceId }].map(named('Workspace')),
    upload: (await prisma.upload.findMany(of)).map(named('Upload')),
    run: (await prisma.run.findMany(of)).map(named('Run')),
  };
}

/** All servers must show the same of the same row, or nothing is measured. */
async function compare(page: Page): Promise<void> {
  for (const row of rows[page].slice(0, 3)) {
    const [own, ...others] = await Promise.all(servers.map((server) => answer(server, page, row)));
    for (const other of others) {
      if (isDeepStrictEqual(other, own)) continue;
      throw new Error(
        `The ${page} pages differ:\n${[own, other].map((page) => JSON.stringify(page).slice(0, 2_000)).join('\n')}`,
      );
    }
  }
}

async function answer(server: Shown, page: Page, row: Row): Promise<unknown> {
  const { url, headers } = server;
  const response = await fetch(url, { method: 'POST', headers, body: server.body(page, row) });
  return common(await response.json());
}

/** A round of one server: how it answered, and its processor time for each answer in milliseconds. */
type Round = Answered & { readonly cpuMs: number };

async function inTurn(page: Page): Promise<Map<Shown['name'], Round[]>> {
  const measured = new Map(servers.map(({ name }): [Shown['name'], Round[]] => [name, []]));
  for (const server of servers) await round(server, page, pace.warmSeconds);
  for (let turn = 0; turn < rounds; turn += 1) {
    for (const server of servers) measured.get(server.name)?.push(await round(server, page, pace.seconds));
  }
  return measured;
}

async function round(server: Shown, page: Page, seconds: number): Promise<Round> {
  const { url, headers, pid } = server;
  const bodies = rows[page].map((row) => server.body(page, row));
  const before = await processorMs(pid);
  const told = await loaded({ url, headers, bodies, seconds, connections: pace.connections });
  return { ...told, cpuMs: ((await processorMs(pid)) - before) / (told.perSecond * seconds) };
}

/** User and system time of a process so far; the kernel counts hundredths of a second. */
async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
  return (user + system) * 10;
}

function figuresOf(measured: ReadonlyMap<Shown['name'], readonly Round[]>): Figure[] {
  const median = (name: Shown['name'], what: keyof Round): number =>
    percentile(
      (measured.get(name) ?? []).map((told) => told[what]),
      0.5,
    );
  const lines = servers.map(({ name }) => ({
    what: `${name}: requests a second, p50 / p95, processor time of the process`,
    measured: `${median(name, 'perSecond').toFixed(0)}, ${median(name, 'p50').toFixed(0)} / ${median(name, 'p95').toFixed(0)} ms, ${median(name, 'cpuMs').toFixed(2)} ms`,
  }));
  const faster = median('ours', 'perSecond') / median('peer', 'perSecond');
  const slower = median('ours', 'p95') / median('peer', 'p95');
  const floored = median('ours', 'perSecond') / median('floor', 'perSecond');
  return [
    ...lines,
    { what: 'requests a second, ours / peer', measured: faster.toFixed(2), wanted: '> 1', reached: faster > 1 },
    { what: 'p95, ours / peer', measured: slower.toFixed(2), wanted: '< 1', reached: slower < 1 },
    {
      what: 'requests a second, ours / floor',
      measured: floored.toFixed(2),
      wanted: '>= 0.5',
      reached: floored >= 0.5,
    },
  ];
}
