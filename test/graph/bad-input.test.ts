import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { eventCursor } from '#graph/ids.ts';
import { announce, finalize, type House, openHouse, sendBytes } from '../support/house.ts';
import { jobCount } from '../support/queue.ts';
import { seedRun, seedUpload, type Tenant, tenantOf } from '../support/seed.ts';

const startDocument = graphql(`
  mutation StartBadly($input: StartRunInput!) {
    startRun(input: $input) { replayed errors { __typename code message path } run { id } }
  }
`);
const retryDocument = graphql(`
  mutation RetryBadly($input: RetryRunInput!) {
    retryRun(input: $input) { replayed errors { __typename code message path } run { id } }
  }
`);
const cancelDocument = graphql(`
  mutation CancelBadly($input: CancelRunInput!) { cancelRun(input: $input) { errors { code message } run { id } } }
`);

let house: House;
let tenant: Tenant;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  tenant = await tenantOf(house.database, 'analytical');
});
afterAll(() => house[Symbol.asyncDispose]());

const ready = async () => globalId('Upload', await seedUpload(house.database, tenant));
const queued = async () => seedRun(house.database, tenant, await seedUpload(house.database, tenant));

async function start(uploadId: string, recipe: RecipeInput, idempotencyKey: string = crypto.randomUUID()) {
  const { data, errors } = await house.send(startDocument, { input: { uploadId, recipe, idempotencyKey } });
  expect(errors).toBeUndefined();
  return data.startRun;
}

async function retry(runId: string, idempotencyKey: string = crypto.randomUUID()) {
  const { data, errors } = await house.send(retryDocument, { input: { runId, idempotencyKey } });
  expect(errors).toBeUndefined();
  return data.retryRun;
}

async function cancel(runId: string) {
  const { data } = await house.send(cancelDocument, { input: { runId } });
  return data.cancelRun;
}

/** What is started by an answer that is to start nothing. */
const started = async () => [await house.database.prisma.run.count(), await jobCount(house.database)];

describe('an idempotency key that was used for another input', () => {
  const reused = {
    run: null,
    replayed: false,
    errors: [{ __typename: 'GeneralError', code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] }],
  };

  test('is refused and starts nothing, whichever part of the input differs', async () => {
    const [uploadId, another] = [await ready(), await ready()];
    const key = crypto.randomUUID();
    await start(uploadId, { transcript: true }, key);
    const before = await started();
    expect(await start(another, { transcript: true }, key)).toMatchObject(reused);
    expect(await start(uploadId, { contents: [{ kind: 'BLOG' }] }, key)).toMatchObject(reused);
    const runId = globalId('Run', await queued());
    await cancel(runId);
    const rest = await started();
    expect(await retry(runId, key)).toMatchObject(reused);
    expect(rest[0]).toBe((before[0] ?? 0) + 1);
    expect(await started()).toEqual(rest);
  });

  test('still answers the first input, also when the upload could not be started by now', async () => {
    const uploadId = await seedUpload(house.database, tenant);
    const key = crypto.randomUUID();
    const first = await start(globalId('Upload', uploadId), { transcript: true }, key);
    await house.database.prisma.upload.update({ where: { id: uploadId }, data: { status: 'REJECTED' } });
    expect(await start(globalId('Upload', uploadId), { transcript: true }, key)).toEqual({ ...first, replayed: true });
    expect(await start(globalId('Upload', uploadId), { transcript: true })).toMatchObject({
      run: null,
      errors: [{ code: 'INVALID_STATE' }],
    });
  });
});

describe('a recipe that asks for nothing', () => {
  test.each<[string, RecipeInput]>([
    ['', {}],
    ['but a language', { language: 'de' }],
    ['in so many words', { transcript: false, highlights: null, clips: null, contents: [] }],
  ])('%s is refused where a run is started', async (_what, recipe) => {
    const uploadId = await ready();
    const before = await started();
    expect(await start(uploadId, recipe)).toMatchObject({
      run: null,
      errors: [{ code: 'INVALID_INPUT', message: 'The recipe asks for nothing.', path: ['input', 'recipe'] }],
    });
    expect(await started()).toEqual(before);
  });

  test('is refused where an upload is finalized, which can still be finalized after it', async () => {
    const uploadId = await sendBytes(house, new Uint8Array(10));
    expect(await finalize(house, uploadId, {})).toMatchObject({
      run: null,
      errors: [{ code: 'INVALID_INPUT', path: ['input', 'thenRun'] }],
    });
    expect(await finalize(house, uploadId)).toMatchObject({ errors: [], run: { status: 'QUEUED' } });
  });
});

describe('a run in the wrong state', () => {
  test('that has not ended is not retried', async () => {
    const runId = globalId('Run', await queued());
    const before = await started();
    expect(await retry(runId)).toMatchObject({
      run: null,
      errors: [{ code: 'INVALID_STATE', message: 'The run has not ended (QUEUED).' }],
    });
    expect(await started()).toEqual(before);
  });

  test('is not canceled twice', async () => {
    const runId = globalId('Run', await queued());
    expect(await cancel(runId)).toMatchObject({ errors: [], run: { id: runId } });
    expect(await cancel(runId)).toMatchObject({
      run: null,
      errors: [{ code: 'INVALID_STATE', message: 'The run has already ended (CANCELED).' }],
    });
  });

  test('whose upload never got its bytes is not started', async () => {
    const { upload } = await announce(house, new Uint8Array(10));
    expect(await start(upload?.id ?? '', { transcript: true })).toMatchObject({ errors: [{ code: 'INVALID_STATE' }] });
  });
});

describe('a cursor is refused', () => {
  const follow = async (runId: string, after: string) => house.follow(globalId('Run', runId), { after });
  const refused = 'The cursor does not belong to this run.';

  test('of another run', async () => {
    const [runId, another] = [await queued(), await queued()];
    await expect(follow(runId, eventCursor(another, 1))).rejects.toThrow(refused);
  });

  test('of the future', async () => {
    const runId = await queued();
    const { sequence } = await house.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
    await expect(follow(runId, eventCursor(runId, sequence + 1))).rejects.toThrow(refused);
  });

  test('that is none', async () => {
    await expect(follow(await queued(), 'nonsense')).rejects.toThrow(refused);
  });
});
