import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, createClient } from '#client/client.ts';
import type { Sending, Uploaded } from '#client/upload.ts';
import { type House, openHouse } from '../support/house.ts';
import { memoryUrls } from './memory-urls.ts';

let house: House;
let client: Client;

/** Three chunks by tus; nobody looks into them here. */
const talk = new Blob(Array(250).fill(crypto.getRandomValues(new Uint8Array(60_000))), { type: 'video/mp4' });

beforeAll(async () => {
  house = await openHouse({ worker: false });
  client = createClient({ url: house.url, token: house.token });
});

afterAll(async () => {
  await client.close();
  await house[Symbol.asyncDispose]();
});

const announced = (): { workspaceId: string; fileName: string } => ({
  workspaceId: house.workspaceId,
  fileName: 'talk.mp4',
});

const firstChunk = 6 * 1024 ** 2;

/** Finalizing compares the number of bytes in storage with what was announced. */
const arrived = { ok: true, upload: { status: 'VERIFYING' } };

const idOf = (uploaded: Uploaded): string => {
  if (!uploaded.ok) throw new Error(uploaded.errors[0].message);
  return uploaded.upload?.id ?? '';
};

describe.each(['TUS', 'PUT'] as const)('by %s', (protocol) => {
  test('all bytes arrive, progress only grows, and the run that was asked for is there', async () => {
    const seen: number[] = [];
    const { done } = client.upload(talk, {
      ...announced(),
      protocol,
      thenRun: { transcript: true },
      onProgress: (sent, total) => {
        expect(total).toBe(talk.size);
        seen.push(sent);
      },
    });
    expect(await done).toMatchObject({ ok: true, upload: { status: 'VERIFYING' }, run: { status: 'QUEUED' } });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(talk.size);
  });

  test('a pause ends the sending, and going on finishes it', async () => {
    const paused = Promise.withResolvers<void>();
    const upload = client.upload(talk, {
      ...announced(),
      protocol,
      onProgress: (sent) => {
        if (sent > 0 && sent < talk.size) pauseOnce();
      },
    });
    let left = 1;
    function pauseOnce(): void {
      if (left === 0) return;
      left -= 1;
      upload.pause();
      paused.resolve();
    }
    await paused.promise;
    upload.resume();
    expect(await upload.done).toMatchObject(arrived);
  });

  test('a target that storage no longer takes is renewed', async () => {
    const renewals: string[] = [];
    const { done } = expiringClient(renewals).upload(talk, { ...announced(), protocol });
    expect(await done).toMatchObject(arrived);
    expect(renewals).toHaveLength(1);
  });
});

test('an upload goes on where it was after the page was left', async () => {
  const urlStorage = memoryUrls();
  const leaving = new AbortController();
  const ids: string[] = [];
  const sending: Sending = { ...announced(), urlStorage, onAnnounced: (id) => void ids.push(id) };
  const begun = client.upload(talk, { ...sending, signal: leaving.signal, onProgress: leaveHalfWay });
  await expect(begun.done).rejects.toThrow('the page was left');

  const seen: number[] = [];
  const { done } = client.upload(talk, {
    uploadId: ids[0] ?? '',
    urlStorage,
    onProgress: (sent) => void seen.push(sent),
  });
  expect(await done).toMatchObject({ ...arrived, upload: { id: ids[0] } });
  expect(seen[0]).toBeGreaterThanOrEqual(firstChunk);

  function leaveHalfWay(sent: number): void {
    if (sent > firstChunk) leaving.abort(new Error('the page was left'));
  }
});

test('going on with an upload whose bytes are all there only finalizes it, and gives the same run', async () => {
  const first = await client.upload(talk, announced()).done;
  const again = await client.upload(talk, { uploadId: idOf(first) }).done;
  expect(again).toEqual(first);
});

test('an upload is one recording also where every answer of the API is lost once', async () => {
  const lost: string[] = [];
  const { done } = forgetfulClient(lost).upload(talk, { ...announced(), title: 'Lost' });
  expect(await done).toMatchObject(arrived);
  expect(lost).toEqual(['CreateUpload', 'FinalizeUpload']);
  expect(await house.database.prisma.upload.count({ where: { title: 'Lost' } })).toBe(1);
  const { done: found } = forgetfulClient(lost).upload(talk, { uploadId: idOf(await done) });
  expect(await found).toEqual(await done);
  expect(lost).toEqual(['CreateUpload', 'FinalizeUpload', 'SendingState', 'FinalizeUpload']);
});

test('an upload that is begun again under the same key is the same recording', async () => {
  const idempotencyKey = crypto.randomUUID();
  const first = await client.upload(talk, { ...announced(), idempotencyKey }).done;
  expect(await client.upload(talk, { ...announced(), idempotencyKey }).done).toEqual(first);
  const other = await client.upload(talk, { ...announced(), title: 'Another', idempotencyKey }).done;
  expect(other).toMatchObject({ ok: false, errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] });
});

test('what the API has against an upload is given, not thrown', async () => {
  const { done } = client.upload(talk, { ...announced(), workspaceId: 'nowhere' });
  expect(await done).toMatchObject({
    ok: false,
    errors: [{ __typename: 'GeneralError', message: expect.any(String) }],
  });
});

test('an upload of somebody else is not there', async () => {
  const stranger = createClient({
    url: house.url,
    token: await house.keys.mint({ user: 'eve', workspace: 'elsewhere' }),
  });
  const uploadId = idOf(await client.upload(talk, announced()).done);
  await expect(stranger.upload(talk, { uploadId }).done).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('storage that takes no bytes at all is told after a few renewals', async () => {
  const renewals: string[] = [];
  const { done } = expiringClient(renewals, Number.POSITIVE_INFINITY).upload(talk, announced());
  await expect(done).rejects.toMatchObject({ name: 'OffprintError', code: 'UPLOAD_REFUSED' });
  expect(renewals).toHaveLength(3);
});

/** A client that each operation reaches, but whose first answer never comes. */
function forgetfulClient(lost: string[]): Client {
  const reached = new Set<string>();
  return createClient({
    url: house.url,
    token: house.token,
    fetch: async (resource, init) => {
      const response = await fetch(resource, init);
      const name = /(?:query|mutation) (\w+)/.exec(typeof init?.body === 'string' ? init.body : '')?.[1] ?? '';
      if (reached.has(name)) return response;
      reached.add(name);
      lost.push(name);
      throw new TypeError('the connection broke');
    },
  });
}

/** A client whose first targets carry signatures that no storage takes, as they are after their time. */
function expiringClient(renewals: string[], spoilt = 1): Client {
  let targets = 0;
  return createClient({
    url: house.url,
    token: house.token,
    fetch: async (resource, init) => {
      if (typeof init?.body === 'string' && init.body.includes('mutation RenewUploadTarget')) renewals.push('renewed');
      const response = await fetch(resource, init);
      const answer = await response.text();
      if (!answer.includes('"target":{')) return new Response(answer, response);
      targets += 1;
      return new Response(
        targets > spoilt ? answer : answer.replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'eyJ.old.old'),
        response,
      );
    },
  });
}
