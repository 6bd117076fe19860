import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import type { UploadFilterInput, UploadOrderInput } from '#generated/client/graphql.ts';
import { type House, openHouse } from '../../support/house.ts';
import { seedDerived, seedUpload, tenantOf } from '../../support/seed.ts';

const listDocument = graphql(`
  query ListUploads($id: ID!, $first: Int, $after: String, $filter: UploadFilterInput, $orderBy: UploadOrderInput) {
    workspace(by: { id: $id }) {
      uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { title }
      }
    }
  }
`);

const rangeDocument = graphql(`
  query RangesOfUpload($id: ID!, $range: TimeRangeInput!) {
    workspace(by: { id: $id }) {
      uploads(first: 1, filter: { titleContains: "spoken" }) {
        nodes {
          silences(range: $range) { startMs endMs }
          transcript { segments(range: $range) { totalCount nodes { text } } words(range: $range) { text } }
        }
      }
    }
  }
`);

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  const tenant = await tenantOf(house.database, 'analytical');
  for (const [at, title] of ['Alpha', 'beta', 'Gamma 100%', 'delta_x'].entries()) {
    await seedUpload(house.database, tenant, { title, createdAt: new Date(Date.UTC(2026, 0, at + 1)) });
  }
  const spoken = await seedUpload(house.database, tenant, {
    title: 'spoken',
    status: 'VERIFYING',
    createdAt: new Date(0),
  });
  await seedDerived(house.database, tenant, { uploadId: spoken });
  await house.database.prisma.silenceRegion.create({
    data: { workspaceId: tenant.workspaceId, uploadId: spoken, startMs: 500, endMs: 800 },
  });
});
afterAll(() => house[Symbol.asyncDispose]());

async function list(
  more: { filter?: UploadFilterInput; orderBy?: UploadOrderInput; first?: number; after?: string } = {},
) {
  const { data, errors } = await house.send(listDocument, { id: house.workspaceId, ...more });
  const page = data.workspace?.uploads;
  return { errors, page, titles: page?.nodes.map(({ title }) => title) };
}

describe('the list of uploads', () => {
  test('begins with the newest', async () => {
    expect((await list()).titles).toEqual(['delta_x', 'Gamma 100%', 'beta', 'Alpha', 'spoken']);
  });

  test.each<[string, UploadFilterInput, string[]]>([
    ['part of a title, whatever the case', { titleContains: 'ALPH' }, ['Alpha']],
    ['a percent sign as it is written', { titleContains: '0%' }, ['Gamma 100%']],
    ['an underscore as it is written', { titleContains: 'a_' }, ['delta_x']],
    ['states', { statuses: ['VERIFYING', 'REJECTED'] }, ['spoken']],
    ['no state', { statuses: [] }, []],
    ['a time', { createdAfter: '2026-01-02T00:00:00Z', createdBefore: '2026-01-03T00:00:00Z' }, ['beta']],
  ])('is narrowed by %s', async (...[, filter, titles]) => {
    const answer = await list({ filter });
    expect(answer.titles).toEqual(titles);
    expect(answer.page?.totalCount).toBe(titles.length);
  });

  test('is paged without a gap or a repetition', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { page, titles } = await list({ first: 2, ...(after !== undefined && { after }) });
      seen.push(...(titles ?? []));
      after = page?.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? undefined) : undefined;
    } while (after !== undefined);
    expect(seen).toEqual(['delta_x', 'Gamma 100%', 'beta', 'Alpha', 'spoken']);
  });

  test('is ordered as asked', async () => {
    const { titles } = await list({ orderBy: { field: 'CREATED_AT', direction: 'ASC' }, first: 2 });
    expect(titles).toEqual(['spoken', 'Alpha']);
    expect((await list({ orderBy: { field: 'DURATION', direction: 'DESC' } })).titles).toHaveLength(5);
  });

  test.each([['a\u0000'], ['a'.repeat(201)]])(
    'refuses to search for what no title can contain',
    async (titleContains) => {
      const { errors, page } = await list({ filter: { titleContains } });
      expect(page).toBeUndefined();
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    },
  );
});

describe('a range of a recording', () => {
  const within = async (startMs: number, endMs: number) => {
    const { data, errors } = await house.send(rangeDocument, { id: house.workspaceId, range: { startMs, endMs } });
    return { errors, upload: data.workspace?.uploads.nodes[0] };
  };

  test('gives what overlaps it', async () => {
    const { upload, errors } = await within(399, 401);
    expect(errors).toBeUndefined();
    expect(upload).toEqual({
      silences: [],
      transcript: {
        segments: { totalCount: 1, nodes: [{ text: 'Hello there.' }] },
        words: [{ text: 'Hello' }, { text: 'there.' }],
      },
    });
    expect((await within(0, 400)).upload?.transcript?.words).toEqual([{ text: 'Hello' }]);
    expect((await within(800, 900)).upload?.silences).toEqual([]);
    expect((await within(799, 800)).upload?.silences).toEqual([{ startMs: 500, endMs: 800 }]);
  });

  test('may begin far beyond the end', async () => {
    const { upload, errors } = await within(2 ** 40, 2 ** 40 + 1000);
    expect(errors).toBeUndefined();
    expect(upload).toEqual({ silences: [], transcript: { segments: { totalCount: 0, nodes: [] }, words: [] } });
  });

  test('of words may span ten minutes', async () => {
    expect((await within(0, 600_000)).errors).toBeUndefined();
    expect((await within(0, 600_001)).errors).toMatchObject([
      { message: 'A range of words may span at most ten minutes.', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect((await within(0, Number.MAX_SAFE_INTEGER)).errors).toHaveLength(1);
  });
});
