import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { type House, openHouse } from '../../support/house.ts';
import { tenantOf } from '../../support/seed.ts';
import { rowIdOf, startTalk } from '../../support/talk-run.ts';
import { writeUse } from '../../support/usage.ts';

const createDocument = graphql(`
  mutation CreateGrowingClip($input: CreateClipInput!) { createClip(input: $input) { errors { code } clip { id } } }
`);
const renderDocument = graphql(`
  mutation RenderGrowingClip($input: RenderClipInput!) { renderClip(input: $input) { errors { code } run { id } } }
`);
const growDocument = graphql(`
  mutation GrowClip($input: UpdateClipInput!) { updateClip(input: $input) { errors { code } } }
`);

const limitMs = 60 * 60_000;
let house: House;
let uploadId: string;

beforeAll(async () => {
  house = await openHouse({ worker: false, env: { DEFAULT_PLAN: 'free' } });
  const talk = await startTalk(house, { transcript: true });
  await using _worker = await house.startWorker();
  await house.follow(talk.runId);
  ({ uploadId } = talk);
});
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(async () => {
  await house.database.prisma.usageEntry.deleteMany({ where: { unit: 'RENDERED_MS' } });
  await house.database.prisma.clip.deleteMany();
});

/** Renders a clip of a good second that becomes one of ten while its job waits, with so much of the plan left. */
async function grownWith(leftMs: number) {
  const { workspaceId } = await tenantOf(house.database, 'analytical');
  await writeUse(house.database, workspaceId, { unit: 'RENDERED_MS', quantity: limitMs - leftMs });
  const free = { uploadId, range: { startMs: 0, endMs: 2_200 } };
  const created = (
    await house.send(createDocument, { input: { source: { free }, idempotencyKey: crypto.randomUUID() } })
  ).data.createClip;
  const clipId = created?.clip?.id ?? '';
  const wanted = { clipId, presets: ['LANDSCAPE_720P' as const], idempotencyKey: crypto.randomUUID() };
  const started = (await house.send(renderDocument, { input: wanted })).data.renderClip;
  expect(started?.errors).toEqual([]);
  const range = { startMs: 0, endMs: 10_000 };
  const grown = await house.send(growDocument, { input: { clipId, baseRevision: 1, range } });
  expect(grown.data.updateClip?.errors).toEqual([]);
  await using _worker = await house.startWorker();
  const events = await house.follow(started?.run?.id ?? '');
  const { prisma } = house.database;
  const runId = rowIdOf(started?.run?.id ?? '');
  const stage = await prisma.stageRun.findFirstOrThrow({ where: { runId }, select: { status: true, failure: true } });
  const charged = await prisma.usageEntry.aggregate({
    where: { unit: 'RENDERED_MS', runId },
    _sum: { quantity: true },
  });
  const reserved = await prisma.usageReservation.count({ where: { runId } });
  return { end: events.at(-1), stage, chargedMs: Number(charged._sum.quantity ?? 0), reserved };
}

describe('a clip that became longer while its job waited', () => {
  test('is not encoded where the plan has room only for what it was', async () => {
    expect(await grownWith(4_000)).toMatchObject({
      end: { runStatus: 'PARTIAL' },
      stage: { status: 'FAILED', failure: { code: 'QUOTA_EXCEEDED' } },
      chargedMs: 0,
      reserved: 0,
    });
  });

  test('is encoded as it is now where the plan has room for that', async () => {
    const { end, chargedMs, reserved } = await grownWith(20_000);
    expect(end).toMatchObject({ runStatus: 'SUCCEEDED' });
    expect(chargedMs).toBeGreaterThan(9_000);
    expect(reserved).toBe(0);
  });
});
