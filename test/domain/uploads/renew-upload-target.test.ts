import { afterAll, beforeAll, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import type { UploadProtocol } from '#generated/client/graphql.ts';
import type { SignedTarget } from '#providers/object-storage.ts';
import { announce, finalize, type House, openHouse, sendBytes } from '../../support/house.ts';
import { sendByTus, type TusStep } from '../../support/tus.ts';

const renewDocument = graphql(`
  mutation RenewTarget($input: RenewUploadTargetInput!) {
    renewUploadTarget(input: $input) {
      errors { code message path }
      upload {
        id
        status
        target { protocol url headers { name value } metadata { name value } chunkSizeBytes expiresAt }
      }
    }
  }
`);

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false });
});
afterAll(() => house[Symbol.asyncDispose]());

const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000)));

async function renew(uploadId: string, protocol?: UploadProtocol) {
  const { data } = await house.send(renewDocument, { input: { uploadId, protocol: protocol ?? null } });
  return data.renewUploadTarget ?? { errors: [], upload: null };
}

async function freshTarget(uploadId: string, protocol?: UploadProtocol) {
  const target = (await renew(uploadId, protocol)).upload?.target;
  if (!target) throw new Error('the upload has no target');
  return target;
}

type Target = Awaited<ReturnType<typeof freshTarget>>;

/** A target of the graph as the tus client takes it; its parts made small, so that an upload has several. */
const targetOf = ({ url, headers, metadata }: Target): SignedTarget => ({
  protocol: 'TUS',
  url,
  headers: recordOf(headers),
  metadata: recordOf(metadata),
  chunkSizeBytes: 10_000,
  expiresAt: new Date(),
});

const recordOf = (pairs: readonly { name: string; value: string }[]) =>
  Object.fromEntries(pairs.map(({ name, value }) => [name, value]));

async function announced(protocol: UploadProtocol): Promise<string> {
  const { upload } = await announce(house, bytes, { protocol });
  return upload?.id ?? '';
}

test('a tus upload that was cut goes on where it stopped, at the renewed target', async () => {
  const uploadId = await announced('TUS');
  const first = await freshTarget(uploadId);
  const { uploadUrl } = await sendByTus(targetOf(first), bytes, { stopAt: 30_000 });
  const second = await freshTarget(uploadId);
  expect(Date.parse(second.expiresAt)).toBeGreaterThanOrEqual(Date.parse(first.expiresAt));
  const steps: TusStep[] = [];
  await sendByTus(targetOf(second), bytes, { resume: uploadUrl, steps });
  expect(steps[0]).toMatchObject({ method: 'HEAD' });
  expect(steps[0]?.offset).toBeGreaterThanOrEqual(20_000);
  expect(steps.filter(({ method }) => method === 'PATCH').length).toBeLessThanOrEqual(4);
  expect(await finalize(house, uploadId)).toMatchObject({ errors: [], upload: { status: 'VERIFYING' } });
});

test('an upload may switch from tus to one PUT and back', async () => {
  const uploadId = await announced('TUS');
  expect(await freshTarget(uploadId, 'PUT')).toMatchObject({ protocol: 'PUT', metadata: [] });
  expect((await freshTarget(uploadId)).protocol).toBe('PUT');
  expect((await freshTarget(uploadId, 'TUS')).protocol).toBe('TUS');
  const target = await freshTarget(uploadId, 'PUT');
  const sent = await fetch(target.url, { method: 'PUT', headers: recordOf(target.headers), body: bytes });
  expect(sent.status).toBe(200);
  expect((await finalize(house, uploadId)).errors).toEqual([]);
});

test('bytes that have arrived and were finalized need no target', async () => {
  const uploadId = await sendBytes(house, bytes);
  await finalize(house, uploadId);
  expect(await renew(uploadId)).toMatchObject({ upload: null, errors: [{ code: 'INVALID_STATE' }] });
});

test('an upload that does not exist cannot be renewed', async () => {
  expect(await renew('nonsense')).toMatchObject({
    upload: null,
    errors: [{ code: 'NOT_FOUND', path: ['input', 'uploadId'] }],
  });
});
