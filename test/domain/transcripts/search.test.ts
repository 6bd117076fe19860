import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { sourceMs } from '#base/time.ts';
import { matchesStatement } from '#domain/transcripts/find-matches.ts';
import { columnOf } from '#domain/transcripts/words.ts';
import { graphql } from '#generated/client/gql.ts';
import { type House, openHouse } from '../../support/house.ts';
import { seedTenant, seedUpload, type Tenant, tenantOf } from '../../support/seed.ts';

const workspaceDocument = graphql(`
  query SearchWorkspace($id: ID!, $query: String!, $first: Int, $after: String, $last: Int, $before: String) {
    workspace(by: { id: $id }) {
      transcriptMatches(query: $query, first: $first, after: $after, last: $last, before: $before) {
        nodes { before match after rank segment { text } transcript { id language upload { title } } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
`);
const transcriptDocument = graphql(`
  query SearchTranscript($id: ID!, $query: String!) {
    node(id: $id) { ... on Transcript { matches(query: $query) { nodes { segment { text } } } } }
  }
`);
const correctDocument = graphql(`
  mutation CorrectSearched($input: EditTranscriptInput!) {
    editTranscript(input: $input) { errors { code message } transcript { revision } }
  }
`);
const deleteDocument = graphql(`
  mutation DeleteSearched($input: DeleteUploadInput!) { deleteUpload(input: $input) { errors { code message } } }
`);

let house: House;
let own: Said;
let other: Said;

interface Said {
  readonly uploadId: string;
  readonly transcriptId: string;
  readonly segmentIds: readonly string[];
}

beforeAll(async () => {
  house = await openHouse({ worker: false });
  const tenant = await tenantOf(house.database, 'analytical');
  own = await say(tenant, 'We lost three hours.', 'Nobody noticed that we lost it.', 'Der ÉTÉ war schön.');
  other = await say(tenant, '私は東京に行きました。', 'Ten hours were lost, hours and hours.', 'ฉันรักภาษาไทย');
  await say(await seedTenant(house.database, 'stranger'), 'We lost a secret.');
});
afterAll(() => house[Symbol.asyncDispose]());

async function say(tenant: Tenant, ...texts: string[]): Promise<Said> {
  const { prisma } = house.database;
  const { workspaceId } = tenant;
  const uploadId = await seedUpload(house.database, tenant, { durationMs: texts.length * 1000 });
  const facts = { language: 'en', wordTiming: 'MEASURED', provider: 'captions', wordCount: 1 } as const;
  const { id: transcriptId } = await prisma.transcript.create({
    data: { workspaceId, uploadId, ...facts, artifactKey: crypto.randomUUID() },
  });
  const rows = await prisma.transcriptSegment.createManyAndReturn({
    data: texts.map((text, position) => {
      const times = { startMs: position * 1000, endMs: position * 1000 + 900 };
      return { workspaceId, transcriptId, position, ...times, text, words: wordsIn(text, times) };
    }),
    select: { id: true },
  });
  return { uploadId, transcriptId, segmentIds: rows.map(({ id }) => id) };
}

const wordsIn = (text: string, { startMs, endMs }: { startMs: number; endMs: number }) =>
  columnOf([{ startMs: sourceMs(startMs), endMs: sourceMs(endMs), text }]);

async function page(query: string, more: { first?: number; after?: string; last?: number; before?: string } = {}) {
  const { data, errors } = await house.send(workspaceDocument, { id: house.workspaceId, query, ...more });
  expect(errors).toBeUndefined();
  const matches = data.workspace?.transcriptMatches;
  if (!matches) throw new Error('the workspace is not found');
  return matches;
}
const texts = async (query: string) => (await page(query)).nodes.map(({ segment }) => segment.text);

describe('a search in a workspace', () => {
  test('finds what is said in all its transcripts and in no other workspace, best first', async () => {
    const { nodes } = await page('lost');
    expect(nodes.map(({ segment }) => segment.text)).toEqual([
      'We lost three hours.',
      'Nobody noticed that we lost it.',
      'Ten hours were lost, hours and hours.',
    ]);
    expect(nodes[0]).toMatchObject({
      before: 'We ',
      match: 'lost',
      after: ' three hours.',
      transcript: { id: globalId('Transcript', own.transcriptId), language: 'en' },
    });
    const ranks = nodes.map(({ rank }) => rank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
  });

  test.each([
    ['all words', 'hours lost', ['Ten hours were lost, hours and hours.', 'We lost three hours.']],
    ['words in a row', '"lost three"', ['We lost three hours.']],
    ['one of two words', 'three or noticed', ['We lost three hours.', 'Nobody noticed that we lost it.']],
    ['what must not be said', 'lost -hours', ['Nobody noticed that we lost it.']],
    ['capitals and accents', 'été SCHÖN', ['Der ÉTÉ war schön.']],
    ['words of a script without spaces', '東京', ['私は東京に行きました。']],
    ['nor other letters of it', '京東', []],
    ['words of Thai', 'ภาษา', ['ฉันรักภาษาไทย']],
    ['no part of a word', 'los', []],
    ['nothing but what must not be said', '-lost', []],
    ['marks only', '!?& | ( :* <->', []],
    ['SQL', "'); drop table uploads; --", []],
    ['a broken query', '"lost or -', expect.any(Array)],
    ['emoji', '🚀', []],
  ])('takes %s: %s', async (_what, query, expected) => {
    expect(await texts(query)).toEqual(expected);
  });

  test.each([
    ['nothing', ''],
    ['ten kilobytes', 'lost '.repeat(2_048)],
    ['NUL', 'lost\u0000'],
  ])('for %s is a fault of the caller', async (_what, query) => {
    const { errors } = await house.send(workspaceDocument, { id: house.workspaceId, query });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('is read page by page in both directions, each match once', async () => {
    const all = (await page('lost or three or noticed or hours or 東京')).nodes;
    expect(all).toHaveLength(4);
    const query = 'lost or three or noticed or hours or 東京';
    const first = await page(query, { first: 3 });
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const rest = await page(query, { first: 3, after: first.pageInfo.endCursor ?? '' });
    expect([...first.nodes, ...rest.nodes]).toEqual(all);
    expect(rest.pageInfo.hasNextPage).toBe(false);
    const back = await page(query, { last: 2, before: rest.pageInfo.startCursor ?? '' });
    expect(back.nodes).toEqual(all.slice(1, 3));
    expect(back.pageInfo.hasPreviousPage).toBe(true);
    expect((await page(query, { last: 1 })).nodes).toEqual(all.slice(3));
  });

  test.each(['nonsense', '', Buffer.from("0.1:' or true").toString('base64url')])(
    'after a cursor that is none (%j) is a fault of the caller',
    async (after) => {
      const { errors } = await house.send(workspaceDocument, { id: house.workspaceId, query: 'lost', after });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    },
  );

  test('of somebody else finds nothing to search in', async () => {
    const stranger = await house.keys.mint({ user: 'stranger', workspace: 'stranger' });
    const variables = { id: house.workspaceId, query: 'lost' };
    expect(await house.send(workspaceDocument, variables, stranger)).toEqual({ data: { workspace: null } });
  });
});

test('a search among many sentences is made by the index, and of that only in its workspace', async () => {
  const { workspaceId } = await tenantOf(house.database, 'analytical');
  const { text, values } = matchesStatement({ workspaceId, query: 'lost' }, { limit: 21, inverted: false });
  const client = await house.database.pool.connect();
  try {
    await client.query('begin');
    await client.query(
      `insert into transcript_segments (workspace_id, transcript_id, position, start_ms, end_ms, text, words)
       select workspace_id, transcript_id, position + n, 0, 1, 'Sentence ' || n, '[]'
       from transcript_segments, generate_series(1000, 10000, 10) n where position < 10`,
    );
    await client.query("select gin_clean_pending_list('transcript_segments_search_idx')");
    await client.query('analyze transcript_segments');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Bitmap Index Scan on transcript_segments_search_idx');
    expect(plan).toMatch(/Index Cond: \(\(workspace_id = .*\) AND \(search @@ /);
  } finally {
    await client.query('rollback');
    client.release();
  }
});

describe('a search in a transcript', () => {
  const inside = async (query: string) => {
    const { data } = await house.send(transcriptDocument, { id: globalId('Transcript', other.transcriptId), query });
    return data.node && 'matches' in data.node ? data.node.matches.nodes.map(({ segment }) => segment.text) : null;
  };

  test('finds nothing of the others', async () => {
    expect(await inside('lost')).toEqual(['Ten hours were lost, hours and hours.']);
  });

  test('finds what it says now, and nothing once it is deleted', async () => {
    const [, segmentId = ''] = other.segmentIds;
    const replaceText = { segmentId: globalId('TranscriptSegment', segmentId), text: 'Eleven days were found.' };
    const input = {
      transcriptId: globalId('Transcript', other.transcriptId),
      baseRevision: 1,
      operations: [{ replaceText }],
    };
    expect((await house.send(correctDocument, { input })).data.editTranscript?.errors).toEqual([]);
    expect(await inside('lost')).toEqual([]);
    expect(await inside('eleven days')).toEqual(['Eleven days were found.']);
    const uploadId = globalId('Upload', other.uploadId);
    expect((await house.send(deleteDocument, { input: { uploadId } })).data.deleteUpload?.errors).toEqual([]);
    expect(await texts('days or 東京')).toEqual([]);
  });
});
