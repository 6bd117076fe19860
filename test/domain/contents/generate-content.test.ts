import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { addVersion, makeCurrent, offerVersion } from '#domain/contents/versions.ts';
import { graphql } from '#generated/client/gql.ts';
import type { GenerateContentInput } from '#generated/client/graphql.ts';
import { type EditedTalk, seedTalk } from '../../support/edited-talk.ts';
import { type House, openHouse } from '../../support/house.ts';
import { seedUpload, tenantOf } from '../../support/seed.ts';

const generateDocument = graphql(`
  mutation GenerateContent($input: GenerateContentInput!) {
    generateContent(input: $input) {
      errors { code message path }
      replayed
      content { id kind language status current { number } }
      run { id status stageRuns { stage subject status } }
    }
  }
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

async function generate(more: Partial<GenerateContentInput> = {}) {
  const uploadId = globalId('Upload', talk.uploadId);
  const input = { uploadId, recipe: { kind: 'LINKEDIN' as const }, idempotencyKey: crypto.randomUUID(), ...more };
  const { data, errors } = await house.send(generateDocument, { input });
  expect(errors).toBeUndefined();
  return data.generateContent;
}

const runs = () => house.database.prisma.run.count({ where: { uploadId: talk.uploadId } });

describe('writing a post', () => {
  test('begins one that is not there yet, by a run of that stage alone', async () => {
    expect(await generate({ recipe: { kind: 'BLOG' } })).toMatchObject({
      errors: [],
      replayed: false,
      content: { kind: 'BLOG', language: 'en', status: 'QUEUED', current: null },
      run: { status: 'QUEUED', stageRuns: [{ stage: 'WRITE', status: 'QUEUED' }] },
    });
  });

  test('that is there is for a new version of it, and says which version it may replace', async () => {
    const contentId = globalId('Content', talk.contentId);
    const asked = { contentId, highlightIds: [globalId('Highlight', talk.highlightId)], fresh: true };
    const answer = await generate(asked);
    expect(answer).toMatchObject({ errors: [], content: { id: contentId, status: 'QUEUED', current: { number: 1 } } });
    const { prisma } = house.database;
    const { currentVersionId } = await prisma.content.findUniqueOrThrow({ where: { id: talk.contentId } });
    const { recipe, id } = await prisma.run.findFirstOrThrow({ where: { uploadId: talk.uploadId } });
    expect(recipe).toMatchObject({
      transcript: false,
      contents: [{ kind: 'LINKEDIN', language: 'en' }],
      write: { contentId: talk.contentId, spans: [{ startMs: expect.any(Number) }], replaces: currentVersionId },
      fresh: id,
    });
  });

  test('asked for twice with one key starts one run, and with other wishes none', async () => {
    const idempotencyKey = crypto.randomUUID();
    const first = await generate({ idempotencyKey });
    await house.database.prisma.content.update({ where: { id: talk.contentId }, data: { currentVersionId: null } });
    expect(await generate({ idempotencyKey })).toMatchObject({
      errors: [],
      replayed: true,
      content: { id: first?.content?.id },
      run: { id: first?.run?.id },
    });
    expect(await generate({ idempotencyKey, recipe: { kind: 'LINKEDIN', tone: 'dry' } })).toMatchObject({
      errors: [{ code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] }],
      run: null,
    });
    expect(await runs()).toBe(1);
  });

  test('asked for ten times at once with one key starts one run, and all are told the same', async () => {
    const idempotencyKey = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => generate({ idempotencyKey })));
    expect(new Set(answers.map((answer) => answer?.run?.id)).size).toBe(1);
    expect(answers.filter((answer) => answer?.replayed)).toHaveLength(9);
    expect(answers.flatMap((answer) => answer?.errors ?? [])).toEqual([]);
    expect(await runs()).toBe(1);
  });

  test.each([
    ['of another kind than the named one', { recipe: { kind: 'BLOG' as const } }, 'INVALID_INPUT', 'recipe'],
    ['in another language', { recipe: { kind: 'LINKEDIN' as const, language: 'de' } }, 'INVALID_INPUT', 'recipe'],
    ['from no highlight', { highlightIds: [] }, 'INVALID_INPUT', 'highlightIds'],
    [
      'from a highlight that is not there',
      { highlightIds: [globalId('Highlight', crypto.randomUUID())] },
      'NOT_FOUND',
      'highlightIds',
    ],
    [
      'in a tone of a page',
      { recipe: { kind: 'LINKEDIN' as const, tone: 'x'.repeat(201) } },
      'INVALID_INPUT',
      'recipe',
    ],
  ])('%s is refused at its place, and starts nothing', async (...[, more, code, place]) => {
    const answer = await generate({ contentId: globalId('Content', talk.contentId), ...more });
    expect(answer).toMatchObject({ errors: [{ code }], run: null, content: null });
    expect(answer?.errors[0]?.path?.slice(0, 2)).toEqual(['input', place]);
    expect(await runs()).toBe(0);
  });

  test('of a recording without a transcript is refused', async () => {
    const tenant = await tenantOf(house.database, 'analytical');
    const uploadId = globalId('Upload', await seedUpload(house.database, tenant));
    expect(await generate({ uploadId })).toMatchObject({
      errors: [{ code: 'INVALID_STATE', message: 'The recording has no transcript to write from yet.' }],
    });
  });
});

describe('a version that a run offers', () => {
  async function offered(origin: 'GENERATED' | 'EDITED' | 'RESTORED', asked: 'over it' | 'before it') {
    const { prisma } = house.database;
    const { id, workspaceId } = await prisma.content.findUniqueOrThrow({ where: { id: talk.contentId } });
    const post = { body: { kind: 'LINKEDIN' as const, text: 'Written.', hashtags: [] }, sentences: [] };
    const before = await addVersion(prisma, { id, workspaceId }, { origin: 'GENERATED', ...post });
    const standing = await addVersion(prisma, { id, workspaceId }, { origin, ...post });
    await makeCurrent(prisma, id, standing);
    const versionId = await addVersion(prisma, { id, workspaceId }, { origin: 'GENERATED', ...post });
    await offerVersion(prisma, id, { versionId, replaces: asked === 'over it' ? standing : before });
    const { currentVersionId } = await prisma.content.findUniqueOrThrow({ where: { id } });
    return currentVersionId === versionId ? 'in force' : 'in the history';
  }

  test.each([
    ['GENERATED', 'before it', 'in force'],
    ['EDITED', 'before it', 'in the history'],
    ['RESTORED', 'before it', 'in the history'],
    ['EDITED', 'over it', 'in force'],
    ['RESTORED', 'over it', 'in force'],
  ] as const)('over %s when it was asked for %s is %s', async (origin, asked, place) => {
    expect(await offered(origin, asked)).toBe(place);
  });
});
