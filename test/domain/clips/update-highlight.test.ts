import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import type { UpdateHighlightInput } from '#generated/client/graphql.ts';
import { type EditedTalk, seedTalk } from '../../support/edited-talk.ts';
import { type House, openHouse } from '../../support/house.ts';
import { tenantOf } from '../../support/seed.ts';

const updateDocument = graphql(`
  mutation UpdateHighlight($input: UpdateHighlightInput!) {
    updateHighlight(input: $input) {
      errors { __typename code path ... on StaleRevisionError { expectedRevision currentRevision } }
      highlight { title quote decision revision startReason endReason range { startMs endMs } }
    }
  }
`);
const clipDocument = graphql(`
  query ClipOfHighlight($id: ID!) {
    node(id: $id) { ... on Clip { title revision range { startMs endMs } } }
  }
`);
const boundDocument = graphql(`
  mutation BoundClipOfHighlight($input: UpdateClipInput!) { updateClip(input: $input) { errors { code message } } }
`);
const againDocument = graphql(`
  mutation CutHighlightAgain($input: CreateClipInput!) { createClip(input: $input) { errors { code } clip { id } } }
`);

let house: House;
let talk: EditedTalk;

beforeAll(async () => {
  house = await openHouse({ worker: false });
});
beforeEach(async () => {
  talk = await seedTalk(house.database, await tenantOf(house.database, 'analytical'));
});
afterAll(() => house[Symbol.asyncDispose]());

const highlightId = (): string => globalId('Highlight', talk.highlightId);

async function update(more: Partial<UpdateHighlightInput>, token = house.token) {
  const input = { highlightId: highlightId(), baseRevision: 1, ...more };
  const { data, errors } = await house.send(updateDocument, { input }, token);
  expect(errors).toBeUndefined();
  return data.updateHighlight;
}

/** The talk's first clip as one that was cut of the highlight. */
async function cut(): Promise<string> {
  const data = { highlightId: talk.highlightId, title: 'Hours' };
  await house.database.prisma.clip.update({ where: { id: talk.clipId }, data });
  return globalId('Clip', talk.clipId);
}

/** A further clip of the highlight, as it is now. */
async function cutAgain(): Promise<string> {
  const input = { source: { highlightId: highlightId() }, idempotencyKey: crypto.randomUUID() };
  const { data } = await house.send(againDocument, { input });
  expect(data.createClip?.errors).toEqual([]);
  return data.createClip?.clip?.id ?? '';
}

const clip = async (id: string) => (await house.send(clipDocument, { id })).data.node;

const spanOf = (segment: number) =>
  house.database.prisma.transcriptSegment.findUniqueOrThrow({
    where: { id: talk.segmentIds[segment] ?? '' },
    select: { startMs: true, endMs: true, text: true },
  });

describe('a highlight', () => {
  test('is accepted or dismissed, and renamed', async () => {
    expect(await update({ decision: 'ACCEPTED' })).toMatchObject({
      errors: [],
      highlight: { decision: 'ACCEPTED', revision: 2, title: 'Hours' },
    });
    expect(await update({ baseRevision: 2, decision: 'DISMISSED', title: 'Three hours' })).toMatchObject({
      errors: [],
      highlight: { decision: 'DISMISSED', revision: 3, title: 'Three hours' },
    });
  });

  test('gets the bounds that a person gives it, and a quote of what is heard then', async () => {
    const { startMs, endMs, text } = await spanOf(2);
    const range = { startMs: startMs - 100, endMs };
    const { errors, highlight } = (await update({ range })) ?? {};
    expect(errors).toEqual([]);
    expect(highlight).toMatchObject({ startReason: 'CHOSEN', quote: text, revision: 2 });
    expect(Math.abs((highlight?.range.startMs ?? 0) - range.startMs)).toBeLessThanOrEqual(20);
    expect(Math.abs((highlight?.range.endMs ?? 0) - range.endMs)).toBeLessThanOrEqual(40);
  });

  test('is not changed on top of a revision that is gone', async () => {
    await update({ title: 'First' });
    expect(await update({ title: 'Second' })).toMatchObject({
      errors: [{ __typename: 'StaleRevisionError', code: 'STALE_REVISION', expectedRevision: 1, currentRevision: 2 }],
      highlight: null,
    });
  });

  test('takes no bounds outside the recording, and none that another highlight has', async () => {
    const beyond = await update({ range: { startMs: 0, endMs: 10_000_000 } });
    expect(beyond?.errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'range'] }]);
    const { prisma } = house.database;
    const { startMs, endMs } = await prisma.highlight.findUniqueOrThrow({ where: { id: talk.highlightId } });
    const { text: _text, ...last } = await spanOf(2);
    const again = (await update({ range: last }))?.highlight?.range;
    const row = await prisma.highlight.findUniqueOrThrow({ where: { id: talk.highlightId } });
    const { id: _id, createdAt: _at, runId: _run, signals: _signals, ...columns } = row;
    const twin = await prisma.highlight.create({ data: { ...columns, signals: {}, startMs, endMs } });
    const input = { highlightId: globalId('Highlight', twin.id), baseRevision: twin.revision, range: again };
    expect((await update(input))?.errors).toMatchObject([{ code: 'CONFLICT' }]);
  });

  test('is changed by editors only', async () => {
    const token = await house.keys.mint({ user: 'reader', workspace: 'analytical', role: 'viewer' });
    expect((await update({ decision: 'ACCEPTED' }, token))?.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
  });

  test('without anything to change is refused', async () => {
    expect((await update({}))?.errors).toMatchObject([{ code: 'INVALID_INPUT' }]);
  });
});

describe('the clip of a highlight', () => {
  test('is cut anew with other bounds', async () => {
    const id = await cut();
    const { startMs, endMs } = await spanOf(2);
    const { highlight } = (await update({ range: { startMs, endMs } })) ?? {};
    expect(await clip(id)).toMatchObject({ revision: 2, range: highlight?.range });
  });

  test('stays as it is where a person gave it other bounds, beside one that goes with the highlight', async () => {
    const changed = await cut();
    const range = { startMs: 1_000, endMs: 3_800 };
    const { data } = await house.send(boundDocument, { input: { clipId: changed, baseRevision: 1, range } });
    expect(data.updateClip?.errors).toEqual([]);
    const following = await cutAgain();
    const before = await clip(changed);
    const { startMs, endMs } = await spanOf(2);
    const updated = await update({ range: { startMs, endMs } });
    expect(updated?.errors).toEqual([]);
    expect(await clip(changed)).toEqual(before);
    expect(await clip(following)).toMatchObject({ revision: 2, range: updated?.highlight?.range });
  });

  test('stays as it is where another clip of the highlight shows the new bounds already', async () => {
    const changed = await cut();
    const { startMs, endMs } = await spanOf(2);
    const range = (await update({ range: { startMs, endMs } }))?.highlight?.range;
    const away = await update({ baseRevision: 2, range: { startMs: 1_000, endMs: 2_200 } });
    expect(away?.errors).toEqual([]);
    const { data } = await house.send(boundDocument, { input: { clipId: changed, baseRevision: 3, range } });
    expect(data.updateClip?.errors).toEqual([]);
    const following = await cutAgain();
    const before = await clip(following);
    expect(await update({ baseRevision: 3, range })).toMatchObject({ errors: [], highlight: { range } });
    expect(await clip(following)).toEqual(before);
    expect(await clip(changed)).toMatchObject({ range });
  });

  test('gets the new title while it has the old one, and keeps its cuts', async () => {
    const id = await cut();
    const before = await clip(id);
    await update({ title: 'Three hours' });
    expect(await clip(id)).toEqual({ ...before, title: 'Three hours', revision: 2 });
    await house.database.prisma.clip.update({ where: { id: talk.clipId }, data: { title: 'Its own' } });
    await update({ baseRevision: 2, title: 'Hours again' });
    expect(await clip(id)).toMatchObject({ title: 'Its own', revision: 2 });
  });

  test('stays as it is when the highlight is dismissed', async () => {
    const id = await cut();
    const before = await clip(id);
    await update({ decision: 'DISMISSED' });
    expect(await clip(id)).toEqual(before);
  });
});
