import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import type { CreateUploadInput } from '#generated/client/graphql.ts';
import { announce, type House, openHouse } from '../../support/house.ts';

const announceDocument = graphql(`
  mutation AnnounceUpload($input: CreateUploadInput!) {
    createUpload(input: $input) {
      errors { code message path }
      upload { id title fileName status file { sha256 } target { protocol url metadata { name value } } }
    }
  }
`);

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false, env: { MAX_UPLOAD_BYTES: '1000000' } });
});
afterAll(() => house[Symbol.asyncDispose]());

const bytes = new Uint8Array(1000);
const stored = () => house.database.prisma.upload.count();

const input = (more: Partial<CreateUploadInput> = {}): CreateUploadInput => ({
  workspaceId: house.workspaceId,
  fileName: 'talk.mp4',
  contentType: 'video/mp4',
  sizeBytes: 1000,
  idempotencyKey: crypto.randomUUID(),
  ...more,
});

describe('an announced upload', () => {
  test('waits for its bytes at a target that only its own object can be sent to', async () => {
    const { upload, errors } = await announce(house, bytes, { protocol: 'TUS' });
    expect(errors).toEqual([]);
    expect(upload).toMatchObject({ title: 'talk', fileName: 'talk.mp4', status: 'AWAITING_BYTES' });
    const names = upload?.target?.metadata.find(({ name }) => name === 'objectName');
    const row = await house.database.prisma.upload.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    expect(names?.value).toBe(row.storageKey);
    expect(row.storageKey).toMatch(/^[\w-]{36}\/[\w-]{36}\/source\/[\w-]{36}\.bin$/);
  });

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\x\\y.mp4', 'y.mp4'],
    ['/absolute/talk.mov', 'talk.mov'],
    ['nul\u0000 in the\u001b middle\n.mp4', 'nul in the middle.mp4'],
    ['🎙️ Gespräch — Teil 1.mp4', '🎙️ Gespräch — Teil 1.mp4'],
    ['gpj.\u202e4pm.exe', 'gpj.4pm.exe'],
    ["'; drop table uploads; --.mp4", "'; drop table uploads; --.mp4"],
  ])('keeps of the name %j only the label %j', async (given, kept) => {
    const { upload, errors } = await announce(house, bytes, { fileName: given });
    expect(errors).toEqual([]);
    expect(upload?.fileName).toBe(kept);
  });

  test('takes its title from the file name, or as it is given', async () => {
    expect((await announce(house, bytes, { fileName: 'my_first_talk.final.mp4' })).upload?.title).toBe(
      'my first talk.final',
    );
    expect((await announce(house, bytes, { title: '  Ein Titel 🎉 ' })).upload?.title).toBe('Ein Titel 🎉');
  });
});

describe('what cannot become an upload is refused as data, at its place in the input', () => {
  test.each<[string, Partial<CreateUploadInput>, string, string]>([
    ['a page of text', { contentType: 'text/html' }, 'MEDIA_UNSUPPORTED', 'contentType'],
    ['a type with a tail', { contentType: 'video/mp4; codecs=<script>' }, 'MEDIA_UNSUPPORTED', 'contentType'],
    ['no bytes', { sizeBytes: 0 }, 'INVALID_INPUT', 'sizeBytes'],
    ['more bytes than are accepted', { sizeBytes: 1_000_001 }, 'MEDIA_TOO_LARGE', 'sizeBytes'],
    ['a hash of another kind', { sha256: 'd41d8cd98f00b204e9800998ecf8427e' }, 'INVALID_INPUT', 'sha256'],
    ['an empty title', { title: '  ' }, 'INVALID_INPUT', 'title'],
    ['a title of 201 characters', { title: 'x'.repeat(201) }, 'INVALID_INPUT', 'title'],
    ['a title with a NUL', { title: 'a\u0000b' }, 'INVALID_INPUT', 'title'],
    ['an empty file name', { fileName: '' }, 'INVALID_INPUT', 'fileName'],
    ['a file name that is only a folder', { fileName: 'folder/' }, 'INVALID_INPUT', 'fileName'],
    ['a file name that climbs', { fileName: '../..' }, 'INVALID_INPUT', 'fileName'],
    ['a file name of control characters', { fileName: '\u0000\u0007' }, 'INVALID_INPUT', 'fileName'],
    ['a file name of 300 characters', { fileName: `${'x'.repeat(296)}.mp4` }, 'INVALID_INPUT', 'fileName'],
    ['an empty key', { idempotencyKey: '' }, 'INVALID_INPUT', 'idempotencyKey'],
    ['a key of 65 characters', { idempotencyKey: 'k'.repeat(65) }, 'INVALID_INPUT', 'idempotencyKey'],
    ['a key with a NUL', { idempotencyKey: 'a\u0000b' }, 'INVALID_INPUT', 'idempotencyKey'],
    ['an id that is none', { workspaceId: 'nonsense' }, 'NOT_FOUND', 'workspaceId'],
    ['the id of something else', { workspaceId: globalId('Run', crypto.randomUUID()) }, 'NOT_FOUND', 'workspaceId'],
  ])('%s', async (...[, more, code, field]) => {
    const before = await stored();
    const { data, errors } = await house.send(announceDocument, { input: input(more) });
    expect(errors).toBeUndefined();
    expect(data.createUpload).toMatchObject({ upload: null, errors: [{ code, path: ['input', field] }] });
    expect(await stored()).toBe(before);
  });

  test('several faults are told at once', async () => {
    const { data } = await house.send(announceDocument, { input: input({ title: '', sizeBytes: 0, sha256: 'x' }) });
    expect(data.createUpload?.errors.map(({ path }) => path?.at(-1))).toEqual(['title', 'sizeBytes', 'sha256']);
  });
});

test.each([
  ['an unknown word of an enum', { protocol: 'FTP' }],
  ['a fraction of a byte', { sizeBytes: 1.5 }],
  ['fewer than no bytes', { sizeBytes: -1 }],
  ['a number where text belongs', { title: 7 }],
  ['a field that does not exist', { colour: 'blue' }],
  ['no key', { idempotencyKey: undefined }],
  ['a lone surrogate as a number', { sizeBytes: '\ud800' }],
])('%s is a fault of the request, and nothing is stored', async (_what, more) => {
  const before = await stored();
  // Deliberately not what the types allow.
  const { data, errors } = await house.send(announceDocument, { input: { ...input(), ...(more as object) } });
  expect(data?.createUpload ?? null).toBeNull();
  expect(errors).toHaveLength(1);
  expect(errors?.[0]?.extensions?.code).toMatch(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
  expect(await stored()).toBe(before);
});

describe('an idempotency key', () => {
  test('gives the same upload for the same input', async () => {
    const wanted = input({ title: null });
    const first = await house.send(announceDocument, { input: wanted });
    const { title: _absent, ...withoutTitle } = wanted;
    const second = await house.send(announceDocument, { input: withoutTitle });
    expect(second.data.createUpload).toMatchObject({ errors: [], upload: { id: first.data.createUpload?.upload?.id } });
  });

  test('is refused for another input', async () => {
    const wanted = input();
    await house.send(announceDocument, { input: wanted });
    const before = await stored();
    const { data } = await house.send(announceDocument, { input: { ...wanted, sizeBytes: 999 } });
    expect(data.createUpload).toMatchObject({
      upload: null,
      errors: [{ code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] }],
    });
    expect(await stored()).toBe(before);
  });

  test('makes one upload of ten calls at the same moment', async () => {
    const wanted = input();
    const before = await stored();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => house.send(announceDocument, { input: wanted })),
    );
    const ids = answers.map(({ data }) => data.createUpload?.upload?.id);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toBeTruthy();
    expect(await stored()).toBe(before + 1);
  });

  test('belongs to one workspace: another may use the same', async () => {
    const token = await house.keys.mint({ user: 'bob', workspace: 'difference' });
    const other = await house.database.prisma.workspace.findFirst({ where: { slug: 'difference' } });
    expect(other).toBeNull();
    await house.send(announceDocument, { input: input() }, token);
    const { id } = await house.database.prisma.workspace.findUniqueOrThrow({ where: { slug: 'difference' } });
    const mine = input();
    const theirs = { ...mine, workspaceId: globalId('Workspace', id) };
    const first = await house.send(announceDocument, { input: mine });
    const second = await house.send(announceDocument, { input: theirs }, token);
    expect(second.data.createUpload?.errors).toEqual([]);
    expect(second.data.createUpload?.upload?.id).not.toBe(first.data.createUpload?.upload?.id);
  });
});
