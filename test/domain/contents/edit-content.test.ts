import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import type { EditContentInput } from '#generated/client/graphql.ts';
import { type EditedTalk, seedTalk } from '../../support/edited-talk.ts';
import { type House, openHouse } from '../../support/house.ts';
import { tenantOf } from '../../support/seed.ts';

const editDocument = graphql(`
  mutation EditContent($input: EditContentInput!) {
    editContent(input: $input) {
      errors { __typename code message path ... on StaleRevisionError { expectedRevision currentRevision } }
      version { id number origin author { displayName } sentences { text supported sources { text } } }
      content { status stale current { number } versions { totalCount nodes { number origin } } }
    }
  }
`);
const restoreDocument = graphql(`
  mutation RestoreContent($input: RestoreContentInput!) {
    restoreContent(input: $input) {
      errors { code message path }
      version { number origin body { ... on LinkedInBody { text } } sentences { supported sources { text } } }
      content { current { number } }
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

const contentId = (): string => globalId('Content', talk.contentId);
const text = (said: string): EditContentInput['body'] => ({ linkedin: { text: said } });

async function edit(body: EditContentInput['body'], baseVersion = 1) {
  const { data, errors } = await house.send(editDocument, { input: { contentId: contentId(), baseVersion, body } });
  expect(errors).toBeUndefined();
  return data.editContent;
}

async function restore(versionId: string, baseVersion?: number) {
  const input = { contentId: contentId(), versionId, ...(baseVersion !== undefined && { baseVersion }) };
  const { data, errors } = await house.send(restoreDocument, { input });
  expect(errors).toBeUndefined();
  return data.restoreContent;
}

const told = async () =>
  house.database.prisma.workspaceActivity.findMany({
    where: { kind: 'CONTENT_EDITED', subjectId: talk.contentId },
    select: { subjectType: true },
  });

describe('an edit of a post', () => {
  test('is a new version, whose sentences that stayed keep what supports them', async () => {
    expect(await edit(text('Three hours were lost. Nobody saw it. The disk was full.'))).toMatchObject({
      errors: [],
      version: {
        number: 2,
        origin: 'EDITED',
        author: { displayName: expect.any(String) },
        sentences: [
          { text: 'Three hours were lost.', supported: true, sources: [{ text: 'We lost three hours.' }] },
          { text: 'Nobody saw it.', supported: false, sources: [] },
          { text: 'The disk was full.', supported: true, sources: [{ text: 'The disk was full.' }] },
        ],
      },
      content: {
        status: 'SUCCEEDED',
        stale: false,
        current: { number: 2 },
        versions: {
          totalCount: 2,
          nodes: [
            { number: 2, origin: 'EDITED' },
            { number: 1, origin: 'GENERATED' },
          ],
        },
      },
    });
    expect(await told()).toEqual([{ subjectType: 'Content' }]);
  });

  test('that changes nothing makes no version and tells nobody', async () => {
    expect(await edit(text('Three hours were lost. \n'))).toMatchObject({ errors: [], version: { number: 1 } });
    expect(await told()).toEqual([]);
  });

  test('on top of a version that is not in force any more is refused with the one that is', async () => {
    await edit(text('Another post.'));
    expect(await edit(text('A third one.'))).toMatchObject({
      version: null,
      content: null,
      errors: [{ __typename: 'StaleRevisionError', code: 'STALE_REVISION', expectedRevision: 1, currentRevision: 2 }],
    });
  });

  test('of two at the same time one is saved and the other told', async () => {
    const answers = await Promise.all(['One.', 'Two.', 'Three.'].map((said) => edit(text(said))));
    const codes = answers.map((answer) => answer?.errors[0]?.code ?? 'SAVED').sort();
    expect(codes).toEqual(['SAVED', 'STALE_REVISION', 'STALE_REVISION']);
    expect(await house.database.prisma.contentVersion.count({ where: { contentId: talk.contentId } })).toBe(2);
  });

  test('that its platform would not take is refused rule by rule, and changes nothing', async () => {
    const answer = await edit({ linkedin: { text: `**${'x'.repeat(3_000)}**`, hashtags: ['no tag'] } });
    expect(answer?.errors.map(({ code, path }) => [code, path])).toEqual([
      ['RULE_BROKEN', ['input', 'body', 'linkedin']],
      ['RULE_BROKEN', ['input', 'body', 'linkedin']],
      ['RULE_BROKEN', ['input', 'body', 'linkedin']],
    ]);
    expect(answer?.errors.map(({ message }) => message).join()).toContain('linkedin-text-length: at most 3000');
    expect(await told()).toEqual([]);
  });

  test.each([
    ['of another kind', { thread: { posts: ['One.'] } }, ['input', 'body']],
    ['that no database stores', text('No\u0000thing.'), ['input', 'body', 'linkedin', 'text']],
    ['that is far too long', text('x'.repeat(20_001)), ['input', 'body', 'linkedin', 'text']],
  ])('with a body %s is refused at its place', async (_what, body, path) => {
    expect(await edit(body)).toMatchObject({ errors: [{ code: 'INVALID_INPUT', path }], version: null });
  });

  test('is not for those who only read', async () => {
    const viewer = await house.keys.mint({ user: 'charles', workspace: 'analytical', role: 'viewer' });
    const input = { contentId: contentId(), baseVersion: 1, body: text('Mine.') };
    expect((await house.send(editDocument, { input }, viewer)).data.editContent?.errors).toMatchObject([
      { code: 'FORBIDDEN', message: 'Your role in this workspace does not allow editing posts.' },
    ]);
  });
});

describe('an older version', () => {
  const versionId = async (number: number) => {
    const where = { contentId: talk.contentId, number };
    const { id } = await house.database.prisma.contentVersion.findFirstOrThrow({ where, select: { id: true } });
    return globalId('ContentVersion', id);
  };

  test('is restored as a version of its own, with what supports it', async () => {
    await edit(text('Another post.'));
    expect(await restore(await versionId(1))).toMatchObject({
      errors: [],
      version: {
        number: 3,
        origin: 'RESTORED',
        body: { text: 'Three hours were lost.' },
        sentences: [{ supported: true, sources: [{ text: 'We lost three hours.' }] }],
      },
      content: { current: { number: 3 } },
    });
    expect(await told()).toHaveLength(2);
  });

  test('does not replace what somebody wrote since, when it is restored again on top of what was seen', async () => {
    await edit(text('Another post.'));
    expect(await restore(await versionId(1), 2)).toMatchObject({ errors: [], version: { number: 3 } });
    await edit(text('Words of somebody else.'), 3);
    expect(await restore(await versionId(1), 2)).toMatchObject({
      errors: [{ code: 'STALE_REVISION' }],
      version: null,
    });
    expect(await edit(text('Words of somebody else.'), 4)).toMatchObject({ errors: [], version: { number: 4 } });
  });

  test('that is in force already stays as it is', async () => {
    expect(await restore(await versionId(1))).toMatchObject({
      errors: [],
      version: { number: 1, origin: 'GENERATED' },
    });
  });

  test('of another post is not found', async () => {
    const theirs = await versionId(1);
    talk = await seedTalk(house.database, await tenantOf(house.database, 'analytical'));
    expect(await restore(theirs)).toMatchObject({
      version: null,
      errors: [{ code: 'NOT_FOUND', path: ['input', 'versionId'] }],
    });
  });
});
