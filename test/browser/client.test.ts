import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openApplication } from '../client/readme-package.ts';
import { type DrivenRun, openDrivenRun } from '../support/driven-run.ts';
import { eventually } from '../support/eventually.ts';
import { announce, type House, openHouse } from '../support/house.ts';
import { openLine } from '../support/line.ts';
import { ffmpegForTests, made } from '../support/media.ts';
import { eventsOf } from '../support/run-rows.ts';
import { tenantOf } from '../support/seed.ts';
import { hasChromium, openChromium, visit } from './chromium.ts';
import { bundled, openSite, type Site } from './site.ts';

describe.runIf(hasChromium('the client in a browser'))('a page of another origin', { timeout: 240_000 }, () => {
  const resources = new AsyncDisposableStack();
  let site: Site;
  let house: House;
  let browser: Browser;

  beforeAll(async () => {
    site = resources.use(await openSite(await filesOfSite()));
    house = resources.use(await openHouse({ worker: false, env: { CORS_ORIGINS: site.origin('studio') } }));
    browser = resources.use(await openChromium());
  }, 240_000);
  afterAll(() => resources.disposeAsync());

  async function open({ api = house.url, name = 'studio' } = {}): Promise<Page> {
    const words = new URLSearchParams({ api, token: house.token });
    const { page, faults, ...visited } = await visit(browser, `${site.origin(name)}/#${words}`);
    onTestFinished(async () => {
      await visited[Symbol.asyncDispose]();
      expect(faults).toEqual([]);
    });
    return page;
  }

  const runIn = async (): Promise<DrivenRun> =>
    openDrivenRun(house.database, await tenantOf(house.database, 'analytical'));

  test('shows by the hooks what its workspace holds, and a run as it moves', async () => {
    await using run = await runIn();
    const page = await open();
    await page.evaluate(() => studio.show());
    const shows = (status: string) =>
      vi.waitFor(async () => expect(await page.innerText('body')).toMatch(status), wait);
    await shows('Talk: QUEUED');
    await run.begin();
    await shows('Talk: RUNNING');
    await run.finish();
    await shows('Talk: SUCCEEDED');
  });

  test('sends a recording in chunks, pauses, goes on where it was, and storage has what was sent', async () => {
    await using _worker = await house.startWorker();
    const page = await open();
    const sent = chunksOf(page);
    const uploadId = await page.evaluate((beyond) => studio.upload.paused(beyond), firstChunk);
    const uploaded = await page.evaluate(() => studio.upload.resumed());
    expect(uploaded).toMatchObject({ ok: true, upload: { id: uploadId } });
    expect(sent[0]).toBe(0);
    expect(sent[1]).toBe(firstChunk);
    expect(sent.slice(2).every((offset) => offset >= firstChunk)).toBe(true);
    const progress = await page.evaluate(() => studio.upload.progress);
    // What was on its way when it paused may not have arrived: it can fall once, where it goes on.
    expect(progress.filter((bytes, at) => bytes < (progress[at - 1] ?? 0)).length).toBeLessThanOrEqual(1);

    const verified = vi.waitFor(
      async () => {
        const upload = await page.evaluate((id) => studio.upload.fileOf(id), uploadId);
        expect(upload).toMatchObject({ status: 'READY', file: expect.anything() });
        return upload;
      },
      { timeout: 120_000, interval: 200 },
    );
    const { sizeBytes, sha256 } = await page.evaluate(() => studio.upload.sent());
    expect(progress.at(-1)).toBe(sizeBytes);
    expect(await verified).toMatchObject({ title: 'A talk', file: { sizeBytes, sha256 } });
  });

  test('that pauses in answer to the progress before a chunk sends nothing of it', async () => {
    const page = await open();
    const sent = chunksOf(page);
    await page.evaluate(() => studio.upload.paused(-1));
    expect(await page.evaluate(() => studio.upload.resumed())).toMatchObject({ ok: true });
    expect(sent).toEqual([0, firstChunk, 2 * firstChunk]);
  });

  test('goes on with an upload after it was loaded again', async () => {
    const page = await open();
    const uploadId = await page.evaluate((beyond) => studio.upload.paused(beyond), firstChunk);
    await page.reload();
    const sent = chunksOf(page);
    const uploaded = await page.evaluate((id) => studio.upload.afterReload(id), uploadId);
    expect(uploaded).toMatchObject({ ok: true, upload: { id: uploadId } });
    expect(sent.filter((offset) => offset < firstChunk)).toEqual([]);
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  });

  test('follows a run over a line that is cut again and again, and loses and doubles no event', async () => {
    await using run = await runIn();
    await using line = await openLine(house.url);
    const page = await open({ api: line.url });
    let sockets = 0;
    page.on('websocket', () => {
      sockets += 1;
    });
    const following = page.evaluate((id) => studio.run.events(id), run.globalId);
    const lastState = page.evaluate((id) => studio.run.lastState(id), run.globalId);
    const arrived = async (): Promise<number> => (await page.evaluate(() => studio.run.seen.at(-1)?.number)) ?? 0;
    const allArrived = async (): Promise<void> => {
      const last = (await eventsOf(house.database, run.runId)).at(-1)?.sequence;
      await vi.waitFor(async () => expect(await arrived()).toBe(last), wait);
    };
    await run.begin();
    await allArrived();
    for (const percent of [10, 40, 70]) {
      for (let more = 0; more < 10; more += 1) await run.tell(percent + more);
      await line.cut();
      for (let more = 10; more < 20; more += 1) await run.tell(percent + more);
      await line.mend();
      await allArrived();
    }
    await run.finish();
    const [first, ...rest] = await following;
    const numbers = (await eventsOf(house.database, run.runId)).map(({ sequence }) => sequence);
    expect(sockets).toBeGreaterThan(3);
    expect(first?.type).toBe('RunSnapshotEvent');
    expect(rest.map(({ number }) => number)).toEqual(numbers.filter((number) => number > (first?.number ?? 0)));
    expect(rest.map(({ type }) => type)).not.toContain('RunSnapshotEvent');
    expect(await lastState).toMatchObject({ status: 'SUCCEEDED', isFinal: true, progress: 1 });
  });

  test('reads what the API has against a change, with its code', async () => {
    const page = await open();
    const errors = [{ __typename: 'GeneralError', code: 'NOT_FOUND', path: ['input', 'runId'] }];
    expect(await page.evaluate(() => studio.cancel('nothing'))).toMatchObject({ ok: false, errors });
  });

  test('reads that it asks too often, and when to come back', async () => {
    await using server = await house.openServer({ RATE_LIMITS: 'on' });
    const page = await open({ api: server.url });
    const refusal = page.waitForResponse((response) => response.status() === 429);
    const { answered, failure } = await page.evaluate(() => studio.exhaust());
    expect(answered).toBe(100);
    expect(failure).toMatchObject({ code: 'RATE_LIMITED', status: 429, retryAfterMs: expect.any(Number) });
    expect(failure.correlationId).toBe(await (await refusal).headerValue('x-request-id'));
    const headers = await page.evaluate(() => studio.headersOfAnswer());
    expect(headers).toMatchObject({ 'retry-after': expect.any(String), ratelimit: expect.stringContaining('r=0') });
    expect(headers).toMatchObject({ 'x-request-id': expect.any(String), 'ratelimit-policy': expect.any(String) });
  });

  test('reads that the API has too much to do', async () => {
    await using server = await house.openServer({ REQUESTS_AT_ONCE: '1' });
    const page = await open({ api: server.url });
    const holding = await house.database.pool.connect();
    await holding.query('begin; lock table uploads in access exclusive mode');
    const held = page.evaluate(() => studio.countUploads());
    const waiting = "select from pg_locks where not granted and relation = 'uploads'::regclass";
    await eventually(async () => expect((await holding.query(waiting)).rowCount).toBe(1));
    const failure = await page.evaluate(() => studio.countUploads());
    await holding.query('rollback');
    holding.release();
    expect(failure).toMatchObject({ code: 'OVERLOADED', status: 503, correlationId: expect.any(String) });
    expect(failure?.retryAfterMs).toBe(1_000);
    expect(await held).toBeNull();
  });

  test('that is not listed gets nothing by any way, and moves nothing', async () => {
    const { upload } = await announce(house, new TextEncoder().encode('a talk'));
    const { url = '', headers: pairs = [] } = upload?.target ?? {};
    const headers = Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
    const reaching = { api: house.url, token: house.token, target: { url, headers } };
    const stranger = await open({ name: 'stranger' });
    const refused = await stranger.evaluate((words) => studio.reach(words), reaching);
    expect(new Set(Object.values(refused))).toEqual(new Set(['nothing']));
    // What is sent to a target twice is refused: the stranger's bytes did not arrive.
    const listed = await open();
    expect(await listed.evaluate((words) => studio.reach(words), reaching)).toEqual({
      ...refused,
      json: 200,
      plainText: 403,
      address: 403,
      bytes: 200,
      socket: 'opened',
    });
  });
});

const wait = { timeout: 120_000, interval: 20 };

/** 14 MB: three chunks. */
const longTalk = ['-f', 'lavfi', '-i', 'sine=frequency=300:sample_rate=48000:duration=75', '-ac', '2'];
const firstChunk = 6 * 1024 ** 2;

/** The offsets of the chunks that a page sends from now on; NaN for one that names none. */
function chunksOf(page: Page): number[] {
  const offsets: number[] = [];
  page.on('request', (request: Request) => {
    if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
  });
  return offsets;
}

/** The page tells its application where the API is, and whose token to show. */
const session = `const words = new URLSearchParams(location.hash.slice(1));
export const apiUrl = words.get('api');
export const getToken = async () => words.get('token');
`;

async function filesOfSite() {
  await using application = await openApplication();
  await writeFile(path.join(application.folder, 'session.ts'), session);
  const { tools } = await ffmpegForTests();
  const recording = await readFile(await made(tools.ffmpeg, 'long-talk.wav', longTalk));
  return new Map([...(await bundled(application)), ['recording.wav', recording]]);
}
