import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { openSpokenHouse, type SpokenHouse } from '../../support/spoken-house.ts';
import { type StartedRun, shortClip } from '../../support/talk-run.ts';
import { writeUse } from '../../support/usage.ts';

const costDocument = graphql(`
  query CostOfRun($id: ID!, $uploadId: ID!) {
    run: node(id: $id) { ... on Run { cost { ...Paid } } }
    upload: node(id: $uploadId) {
      ... on Upload {
        file { cost { ...Paid } }
        transcript { cost { ...Paid } }
        clips { nodes { renditions { cost { ...Paid } file { cost { ...Paid } } } } }
        contents { nodes { cost { ...Paid } } }
      }
    }
  }
  fragment Paid on Cost { currency amountMicros lines { unit quantity unitPriceMicrosPerMillion pricedOn amountMicros } }
`);

const againDocument = graphql(`
  mutation PayAgain($input: StartRunInput!) { startRun(input: $input) { run { id } errors { code } } }
`);

const recipe: RecipeInput = { ...shortClip('LANDSCAPE_720P'), contents: [{ kind: 'LINKEDIN' }] };

describe('a finished run', () => {
  let spoken: SpokenHouse;
  let run: StartedRun;

  beforeAll(async () => {
    spoken = await openSpokenHouse({ DEFAULT_PLAN: 'free' });
    run = await spoken.start(recipe);
    await spoken.house.follow(run.runId, { after: run.after });
  });
  afterAll(() => spoken[Symbol.asyncDispose]());

  const costs = async () => (await spoken.house.send(costDocument, { id: run.runId, uploadId: run.uploadId })).data;

  test('is charged for every artifact it made and every call it used, each once', async () => {
    const { prisma } = spoken.house.database;
    const entries = await prisma.usageEntry.findMany({ where: { quantity: { gt: 0 } } });
    expect(entries.every(({ runId, stageRunId }) => runId === run.id && stageRunId)).toBe(true);

    const artifacts = await prisma.artifact.findMany({ select: { id: true, sizeBytes: true } });
    const stored = entries.filter(({ unit }) => unit === 'STORED_BYTES');
    const byId = (rows: { id: string | null; bytes: bigint }[]) => new Map(rows.map(({ id, bytes }) => [id, bytes]));
    expect(stored).toHaveLength(artifacts.length);
    expect(byId(stored.map(({ artifactId, quantity }) => ({ id: artifactId, bytes: quantity })))).toEqual(
      byId(artifacts.map(({ id, sizeBytes }) => ({ id, bytes: sizeBytes }))),
    );

    const calls = await prisma.modelCall.findMany({ select: { id: true, costMicros: true } });
    const paid = Map.groupBy(entries, ({ modelCallId }) => modelCallId);
    expect(calls.length).toBeGreaterThan(2);
    for (const { id, costMicros } of calls) {
      const sum = (paid.get(id) ?? []).reduce((total, entry) => total + entry.costMicros, 0n);
      expect(sum).toBe(costMicros);
    }
    expect(await prisma.usageReservation.count()).toBe(0);
  });

  test('costs what its lines add up to, and its outputs what they took', async () => {
    const { run: shown, upload } = await costs();
    if (!shown || !('cost' in shown) || !upload || !('transcript' in upload)) throw new Error('nothing there');
    const { lines, amountMicros, currency } = shown.cost;
    expect(currency).toBe('USD');
    expect(amountMicros).toBe(lines.reduce((sum, line) => sum + line.amountMicros, 0));
    expect(amountMicros).toBeGreaterThan(0);
    expect(new Set(lines.map(({ unit }) => unit))).toEqual(
      new Set(['AUDIO_MS', 'ENCODE_CPU_MS', 'INPUT_TOKENS', 'OUTPUT_TOKENS', 'RENDERED_MS', 'STORED_BYTES', 'UPLOADS']),
    );
    expect(upload.transcript?.cost.lines.map(({ unit }) => unit)).toEqual(['AUDIO_MS']);
    expect(upload.file?.cost.lines.map(({ unit }) => unit).toSorted()).toEqual(['STORED_BYTES', 'UPLOADS']);
    const [rendition] = upload.clips.nodes.flatMap(({ renditions }) => renditions);
    expect(rendition?.cost.lines.map(({ unit }) => unit).toSorted()).toEqual([
      'ENCODE_CPU_MS',
      'RENDERED_MS',
      'STORED_BYTES',
    ]);
    expect(rendition?.cost).toEqual(rendition?.file?.cost);
    expect(upload.contents.nodes[0]?.cost.lines.map(({ unit }) => unit)).toContain('OUTPUT_TOKENS');
  });

  test('costs nothing when it is asked for again', async () => {
    const { house } = spoken;
    const before = await house.database.prisma.usageEntry.count();
    const input = { uploadId: run.uploadId, recipe, idempotencyKey: 'again' };
    const { data } = await house.send(againDocument, { input });
    const id = data.startRun?.run?.id ?? '';
    await house.follow(id);
    expect(await house.database.prisma.usageEntry.count()).toBe(before);
    const again = await house.send(costDocument, { id, uploadId: run.uploadId });
    expect(again.data.run).toEqual({ cost: { currency: 'USD', amountMicros: 0, lines: [] } });
  });
});

test('a recording longer than what is left of the plan fails its run before anything is asked or encoded', async () => {
  await using spoken = await openSpokenHouse({ DEFAULT_PLAN: 'free' });
  const { house, openai } = spoken;
  const { id: workspaceId } = await house.database.prisma.workspace.findFirstOrThrow();
  await writeUse(house.database, workspaceId, { unit: 'AUDIO_MS', quantity: 120 * 60_000 - 10_000 });
  const { runId, after } = await spoken.start(recipe);
  const events = await house.follow(runId, { after });
  expect(events.at(-1)).toMatchObject({ runStatus: 'FAILED', failure: { code: 'QUOTA_EXCEEDED' } });
  expect(openai.requests).toEqual([]);
  const { prisma } = house.database;
  expect(await prisma.usageReservation.count()).toBe(0);
  const charged = await prisma.usageEntry.findMany({ where: { runId: { not: null } }, orderBy: { unit: 'asc' } });
  expect(
    charged.map(({ unit }) => unit),
    'the recording, its bytes and those of its waveform',
  ).toEqual(['UPLOADS', 'STORED_BYTES', 'STORED_BYTES']);
});
