import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { mutations, nothingGiven } from '../../support/documents.ts';
import { type House, openHouse } from '../../support/house.ts';
import { seedRun, seedUpload, type Tenant, tenantOf } from '../../support/seed.ts';

const listDocument = graphql(`
  query FailedStages($id: ID!, $first: Int, $after: String) {
    workspace(by: { id: $id }) {
      failedStageRuns(first: $first, after: $after) {
        totalCount
        pageInfo { endCursor hasNextPage }
        nodes {
          id stage status settledAt
          failure { code }
          errorFacts { name value }
          logExcerpt
          correlationId
          run { id upload { title } }
        }
      }
    }
  }
`);

const dismissDocument = graphql(`
  mutation DismissStage($input: DismissStageRunInput!) {
    dismissStageRun(input: $input) { errors { code message } stageRun { id status settledAt } }
  }
`);

let house: House;
let tenant: Tenant;

beforeAll(async () => {
  house = await openHouse({ worker: false, env: { ADMIN_USER_IDS: 'user_root' } });
  tenant = await tenantOf(house.database, 'analytical');
});
afterAll(() => house[Symbol.asyncDispose]());

const failure = {
  code: 'PROVIDER_REJECTED',
  message: 'The openai service refused the request.',
  stage: 'ingest',
  retryable: false,
  correlationId: 'request-7',
  occurredAt: '2026-11-21T10:00:00.000Z',
};

/** A run whose only stage has failed; its ids as clients know them. */
async function failedRun(more: { readonly finishedAt?: Date } = {}) {
  const { prisma } = house.database;
  const runId = await seedRun(house.database, tenant, await seedUpload(house.database, tenant));
  const finishedAt = more.finishedAt ?? new Date();
  await prisma.run.update({ where: { id: runId }, data: { status: 'FAILED', finishedAt, correlationId: 'request-7' } });
  const [stageRun] = await prisma.stageRun.updateManyAndReturn({
    where: { runId },
    data: {
      status: 'FAILED',
      finishedAt,
      failure,
      errorFacts: { code: 'PROVIDER_REJECTED', facts: { status: 401 }, causes: [{ name: 'Error', message: 'no key' }] },
      logExcerpt: '{"msg":"stage starts"}\n{"msg":"stage failed"}',
    },
    select: { id: true },
  });
  return { runId: globalId('Run', runId), stageRunId: globalId('StageRun', stageRun?.id ?? '') };
}

async function failed(token?: string, page: { first?: number; after?: string } = {}) {
  const { data, errors } = await house.send(listDocument, { id: house.workspaceId, ...page }, token);
  expect(errors).toBeUndefined();
  return data.workspace?.failedStageRuns ?? null;
}

const ids = (list: Awaited<ReturnType<typeof failed>>) => list?.nodes.map(({ id }) => id);

async function dismiss(stageRunId: string, token?: string) {
  const { data } = await house.send(dismissDocument, { input: { stageRunId } }, token);
  return data.dismissStageRun;
}

describe('the failed stages of a workspace', () => {
  test('are listed newest first, page by page, with what is known of each', async () => {
    const older = await failedRun({ finishedAt: new Date('2026-01-01T00:00:00Z') });
    const newer = await failedRun({ finishedAt: new Date('2026-02-01T00:00:00Z') });
    const list = await failed();
    expect({ ids: ids(list), total: list?.totalCount }).toEqual({
      ids: [newer.stageRunId, older.stageRunId],
      total: 2,
    });
    expect(list?.nodes[0]).toEqual({
      id: newer.stageRunId,
      stage: 'INGEST',
      status: 'FAILED',
      settledAt: null,
      failure: { code: 'PROVIDER_REJECTED' },
      errorFacts: expect.arrayContaining([
        { name: 'code', value: 'PROVIDER_REJECTED' },
        { name: 'facts.status', value: '401' },
        { name: 'causes.0.message', value: 'no key' },
      ]),
      logExcerpt: '{"msg":"stage starts"}\n{"msg":"stage failed"}',
      correlationId: 'request-7',
      run: { id: newer.runId, upload: { title: 'Talk' } },
    });
    const first = await failed(undefined, { first: 1 });
    expect(ids(first)).toEqual([newer.stageRunId]);
    expect(first?.pageInfo.hasNextPage).toBe(true);
    expect(ids(await failed(undefined, { first: 1, after: first?.pageInfo.endCursor ?? '' }))).toEqual([
      older.stageRunId,
    ]);
  });

  test('show their insides only to those who look after the workspace or the deployment', async () => {
    await failedRun();
    const insides = (list: Awaited<ReturnType<typeof failed>>) =>
      list?.nodes.map(({ errorFacts, logExcerpt, correlationId }) =>
        [errorFacts, logExcerpt, correlationId].map((inside) => inside !== null),
      );
    for (const role of ['owner', 'admin']) {
      const token = await house.keys.mint({ user: role, workspace: 'analytical', role });
      expect(insides(await failed(token))).toContainEqual([true, true, true]);
    }
    for (const role of ['editor', 'viewer']) {
      const token = await house.keys.mint({ user: role, workspace: 'analytical', role });
      const seen = insides(await failed(token));
      expect(seen?.length).toBeGreaterThan(0);
      expect(seen?.flat()).not.toContain(true);
    }
    const root = await house.keys.mint({ user: 'root', workspace: 'operations' });
    expect(insides(await failed(root))).toContainEqual([true, true, true]);
    expect(await failed(await house.keys.mint({ user: 'eve', workspace: 'elsewhere' }))).toBeNull();
  });

  test('leave the list when somebody dismisses them, once and for all', async () => {
    const { stageRunId } = await failedRun();
    expect(ids(await failed())).toContain(stageRunId);
    const first = await dismiss(stageRunId);
    expect(first).toMatchObject({ errors: [], stageRun: { id: stageRunId, status: 'FAILED' } });
    expect(first?.stageRun?.settledAt).toBeTruthy();
    expect(ids(await failed())).not.toContain(stageRunId);
    expect(await dismiss(stageRunId)).toEqual(first);
  });

  test('leave the list when they are retried', async () => {
    const { runId, stageRunId } = await failedRun();
    const { data } = await house.send(mutations.retryRun, given({ runId, stageRunId }));
    expect(data.done?.errors).toEqual([]);
    expect(ids(await failed())).not.toContain(stageRunId);
  });

  test('are retried and dismissed by an admin of the deployment, too', async () => {
    const root = await house.keys.mint({ user: 'root', workspace: 'operations' });
    const [retried, dismissed] = [await failedRun(), await failedRun()];
    expect((await house.send(mutations.retryRun, given(retried), root)).data.done?.errors).toEqual([]);
    expect(await dismiss(dismissed.stageRunId, root)).toMatchObject({ errors: [], stageRun: { status: 'FAILED' } });
    const left = ids(await failed());
    expect(left).not.toContain(retried.stageRunId);
    expect(left).not.toContain(dismissed.stageRunId);
  });

  test('are not dismissed before they have failed', async () => {
    const runId = await seedRun(house.database, tenant, await seedUpload(house.database, tenant));
    const { id } = await house.database.prisma.stageRun.findFirstOrThrow({ where: { runId }, select: { id: true } });
    expect(await dismiss(globalId('StageRun', id))).toMatchObject({
      errors: [{ code: 'INVALID_STATE', message: 'The stage has not failed (QUEUED).' }],
      stageRun: null,
    });
  });
});

const given = ({ runId, stageRunId }: { runId: string; stageRunId: string }) => ({
  ...nothingGiven,
  runId,
  stageRunId,
  workspaceId: house.workspaceId,
  key: crypto.randomUUID(),
});
