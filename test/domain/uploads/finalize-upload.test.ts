import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { envFrom } from '#base/env.ts';
import { globalId } from '#base/global-id.ts';
import { mintServiceKey } from '#embedded/storage/tokens.ts';
import { storageSecret } from '#embedded/storage-secret.ts';
import { supabaseStorage } from '#providers/object-storage.supabase.ts';
import { announce, finalize, type House, openHouse, sendBytes } from '../../support/house.ts';
import { failCommits, jobCount } from '../../support/queue.ts';
import { rowIdOf } from '../../support/talk-run.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false });
});
afterAll(() => house[Symbol.asyncDispose]());

const bytes = crypto.getRandomValues(new Uint8Array(5_000));
const vtt = 'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nHello there.\n';

/** What a finalized upload leaves in the database. */
const rows = async () => {
  const { prisma } = house.database;
  const [runs, stageRuns, events, sidecars, jobs] = await Promise.all([
    prisma.run.count(),
    prisma.stageRun.count(),
    prisma.runEvent.count(),
    prisma.captionSidecar.count(),
    jobCount(house.database),
  ]);
  return { runs, stageRuns, events, sidecars, jobs };
};

describe('finalizing writes upload, run, stage and job in one commit', () => {
  let uploadId: string;
  beforeEach(async () => {
    uploadId = await sendBytes(house, bytes);
  });

  test('all of them are there afterwards', async () => {
    const before = await rows();
    const { errors, upload, run } = await finalize(house, uploadId, { transcript: true }, { format: 'VTT', text: vtt });
    expect(errors).toEqual([]);
    expect(upload?.status).toBe('VERIFYING');
    expect(run?.status).toBe('QUEUED');
    expect(await rows()).toEqual({
      runs: before.runs + 1,
      stageRuns: before.stageRuns + 1,
      events: before.events + 2,
      sidecars: before.sidecars + 1,
      jobs: before.jobs + 1,
    });
  });

  test('a commit that fails leaves neither rows nor job, and finalizing again works', async () => {
    const before = await rows();
    {
      await using _failing = await failCommits(house.database, 'runs');
      const answer = await finalize(house, uploadId, { transcript: true }, { format: 'VTT', text: vtt });
      expect(answer).toEqual({ errors: [], upload: null, run: null });
    }
    expect(await rows()).toEqual(before);
    const { run } = await finalize(house, uploadId, { transcript: true }, { format: 'VTT', text: vtt });
    expect(run?.status).toBe('QUEUED');
  });

  test('finalizing twice gives the same answer', async () => {
    const first = await finalize(house, uploadId);
    const between = await rows();
    expect(await finalize(house, uploadId)).toEqual(first);
    expect(await rows()).toEqual(between);
  });

  test('five finalize at the same moment and there is one run', async () => {
    const before = await rows();
    const answers = await Promise.all(Array.from({ length: 5 }, () => finalize(house, uploadId)));
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect(new Set(answers.map(({ run }) => run?.id)).size).toBe(1);
    expect(await rows()).toMatchObject({ runs: before.runs + 1, jobs: before.jobs + 1 });
  });
});

describe('bytes that are not as announced', () => {
  test('none have arrived: nothing starts', async () => {
    const before = await rows();
    const { upload } = await announce(house, bytes);
    const answer = await finalize(house, upload?.id ?? '');
    expect(answer).toMatchObject({ errors: [{ code: 'UPLOAD_INCOMPLETE' }], upload: null, run: null });
    expect(await rows()).toEqual(before);
  });

  test('wrong bytes make room for the right ones', async () => {
    const { upload } = await announce(house, bytes);
    const short = await put(upload?.target, bytes.slice(0, 100));
    expect(short.status).toBe(200);
    expect(await finalize(house, upload?.id ?? '')).toMatchObject({ errors: [{ code: 'UPLOAD_INCOMPLETE' }] });
    expect((await put(upload?.target, bytes)).status).toBe(200);
    expect(await finalize(house, upload?.id ?? '')).toMatchObject({ errors: [] });
  });

  test('fewer have arrived: nothing starts, and the answer says how many', async () => {
    const uploadId = await sendBytes(house, bytes, { sizeBytes: bytes.length + 1 });
    const { errors } = await finalize(house, uploadId);
    expect(errors).toMatchObject([{ code: 'UPLOAD_INCOMPLETE', message: 'Only 5000 of 5001 bytes have arrived.' }]);
  });

  test('more have arrived, as a Supabase project lets them: nothing starts', async () => {
    const { upload } = await announce(house, bytes, { sizeBytes: bytes.length - 1 });
    const where = { id: rowIdOf(upload?.id ?? '') };
    const { storageKey: key } = await house.database.prisma.upload.findUniqueOrThrow({ where });
    const serviceKey = await mintServiceKey(await storageSecret(envFrom({ OFFPRINT_HOME: house.home })));
    const storage = supabaseStorage({ url: `${house.url}/storage/v1`, serviceKey, maxUploadBytes: bytes.length });
    await storage.put({ bucket: 'uploads', key }, bytes, { contentType: 'video/mp4' });
    const { errors, run } = await finalize(house, upload?.id ?? '');
    expect(errors).toMatchObject([{ code: 'CHECKSUM_MISMATCH' }]);
    expect(run).toBeNull();
  });
});

test.each([
  ['that are none', 'this is not a caption file', 'text'],
  ['that are empty', '', 'text'],
  ['with a NUL', `${vtt}\u0000`, 'text'],
])('captions %s are refused before anything starts', async (...[, text, field]) => {
  const uploadId = await sendBytes(house, bytes);
  const before = await rows();
  const { errors, run } = await finalize(house, uploadId, undefined, { format: 'VTT', text });
  expect(errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'captions', field] }]);
  expect(run).toBeNull();
  expect(await rows()).toEqual(before);
});

describe('captions are read last, since that costs most:', () => {
  const unreadable = { format: 'ASS', text: 'this is not a caption file' } as const;

  test('not of an upload that the caller does not see', async () => {
    const { errors } = await finalize(house, globalId('Upload', crypto.randomUUID()), undefined, unreadable);
    expect(errors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  test('not before all bytes are there', async () => {
    const { upload } = await announce(house, bytes);
    const { errors } = await finalize(house, upload?.id ?? '', undefined, unreadable);
    expect(errors).toMatchObject([{ code: 'UPLOAD_INCOMPLETE' }]);
  });

  test('not when nothing would be done with them', async () => {
    const uploadId = await sendBytes(house, bytes);
    await finalize(house, uploadId);
    const { errors } = await finalize(house, uploadId, undefined, unreadable);
    expect(errors).toMatchObject([{ code: 'INVALID_STATE', path: ['input', 'captions'] }]);
  });
});

type Target = { readonly url: string; readonly headers: readonly { readonly name: string; readonly value: string }[] };

const put = (target: Target | null | undefined, body: Uint8Array): Promise<Response> =>
  fetch(target?.url ?? '', {
    method: 'PUT',
    headers: Object.fromEntries(target?.headers.map(({ name, value }) => [name, value]) ?? []),
    body: new Uint8Array(body),
  });
