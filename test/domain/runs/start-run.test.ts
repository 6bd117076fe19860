import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import type { StartRunInput } from '#generated/client/graphql.ts';
import { announce, type House, openHouse } from '../../support/house.ts';
import { failCommits, jobCount } from '../../support/queue.ts';
import { seedUpload, type Tenant, tenantOf } from '../../support/seed.ts';

const startDocument = graphql(`
  mutation StartRecipe($input: StartRunInput!) {
    startRun(input: $input) {
      replayed
      errors { code message path }
      run { id status eventCursor stageRuns { stage status attempt } }
    }
  }
`);

const cancelDocument = graphql(`
  mutation StopRun($input: CancelRunInput!) {
    cancelRun(input: $input) {
      errors { code message path }
      run { status isFinal finishedAt stageRuns { status } }
    }
  }
`);

let house: House;
let tenant: Tenant;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  tenant = await tenantOf(house.database, 'analytical');
});
afterAll(() => house[Symbol.asyncDispose]());

async function input(more: Partial<StartRunInput> = {}): Promise<StartRunInput> {
  const uploadId = globalId('Upload', await seedUpload(house.database, tenant));
  return { uploadId, recipe: { transcript: true }, idempotencyKey: crypto.randomUUID(), ...more };
}

async function start(wanted: StartRunInput) {
  const { data } = await house.send(startDocument, { input: wanted });
  return data.startRun ?? null;
}

const rows = async () => {
  const { prisma } = house.database;
  return {
    runs: await prisma.run.count(),
    stageRuns: await prisma.stageRun.count(),
    keys: await prisma.idempotencyKey.count(),
    jobs: await jobCount(house.database),
  };
};

describe('starting a run', () => {
  test('plans its first stage and waits for a worker', async () => {
    const before = await rows();
    expect(await start(await input())).toMatchObject({
      replayed: false,
      errors: [],
      run: { status: 'QUEUED', stageRuns: [{ stage: 'INGEST', status: 'QUEUED', attempt: 0 }] },
    });
    expect(await rows()).toEqual({
      runs: before.runs + 1,
      stageRuns: before.stageRuns + 1,
      keys: before.keys + 1,
      jobs: before.jobs + 1,
    });
  });

  test('a commit that fails leaves neither run nor job nor key, and the same key still works', async () => {
    const wanted = await input();
    const before = await rows();
    {
      await using _failing = await failCommits(house.database, 'runs');
      const { data, errors } = await house.send(startDocument, { input: wanted });
      expect(data.startRun).toBeNull();
      expect(errors?.[0]?.extensions?.code).toBe('INTERNAL_SERVER_ERROR');
    }
    expect(await rows()).toEqual(before);
    expect(await start(wanted)).toMatchObject({ replayed: false, errors: [], run: { status: 'QUEUED' } });
  });

  test('of bytes that have not been verified is refused', async () => {
    const { upload } = await announce(house, new Uint8Array(10));
    expect(await start(await input({ uploadId: upload?.id ?? '' }))).toMatchObject({
      run: null,
      errors: [{ code: 'INVALID_STATE' }],
    });
  });
});

describe('the key of a run', () => {
  test('replays the same run, however the same recipe is written', async () => {
    const wanted = await input({ recipe: { contents: [{ kind: 'BLOG' }] } });
    const first = await start(wanted);
    const again = await start({
      ...wanted,
      recipe: { language: null, highlights: null, contents: [{ kind: 'BLOG', tone: null }] },
    });
    expect(again).toMatchObject({ replayed: true, errors: [], run: { id: first?.run?.id } });
  });

  test('is refused for another recipe', async () => {
    const wanted = await input();
    await start(wanted);
    expect(await start({ ...wanted, recipe: { contents: [{ kind: 'BLOG' }] } })).toMatchObject({
      replayed: false,
      run: null,
      errors: [{ code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] }],
    });
  });

  test('is refused for another operation', async () => {
    const wanted = await input();
    await announce(house, new Uint8Array(10), { idempotencyKey: wanted.idempotencyKey });
    expect(await start(wanted)).toMatchObject({ run: null, errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] });
  });

  test('starts one run for ten calls at the same moment', async () => {
    const wanted = await input();
    const before = await rows();
    const answers = await Promise.all(Array.from({ length: 10 }, () => start(wanted)));
    expect(new Set(answers.map((answer) => answer?.run?.id)).size).toBe(1);
    expect(answers.filter((answer) => answer?.replayed === false)).toHaveLength(1);
    expect(await rows()).toMatchObject({ runs: before.runs + 1, jobs: before.jobs + 1 });
  });
});

test('a recipe that cannot be made is refused where it is wrong', async () => {
  const wanted = await input({ recipe: { highlights: { count: 0 }, contents: [{ kind: 'BLOG', tone: ' ' }] } });
  const answer = await start(wanted);
  expect(answer?.run).toBeNull();
  expect(answer?.errors.map(({ path }) => path?.join('.'))).toEqual([
    'input.recipe.highlights.count',
    'input.recipe.contents.0.tone',
  ]);
});

test('canceling ends a run at once, takes its job away, and cannot be done twice', async () => {
  const before = await jobCount(house.database);
  const started = await start(await input());
  const cancel = { input: { runId: started?.run?.id ?? '' } };
  const first = await house.send(cancelDocument, cancel);
  expect(first.data.cancelRun).toMatchObject({
    errors: [],
    run: { status: 'CANCELED', isFinal: true, stageRuns: [{ status: 'CANCELED' }] },
  });
  expect(first.data.cancelRun?.run?.finishedAt).toBeTruthy();
  expect(await jobCount(house.database)).toBe(before);
  const second = await house.send(cancelDocument, cancel);
  expect(second.data.cancelRun).toMatchObject({ run: null, errors: [{ code: 'INVALID_STATE' }] });
});
