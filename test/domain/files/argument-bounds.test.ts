import { afterAll, beforeAll, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { seedTalk } from '../../support/edited-talk.ts';
import { type House, openHouse } from '../../support/house.ts';
import { tenantOf } from '../../support/seed.ts';

const linkDocument = graphql(`
  query LinkFor($id: ID!, $seconds: Int) {
    node(id: $id) { ... on Upload { file { link(expiresInSeconds: $seconds, disposition: ATTACHMENT) { expiresAt } } } }
  }
`);
const rangeDocument = graphql(`
  query SaidBetween($id: ID!, $range: TimeRangeInput!) {
    node(id: $id) { ... on Transcript { segments(range: $range) { nodes { text } } words(range: $range) { text } } }
  }
`);

let house: House;
let uploadId: string;
let transcriptId: string;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  const talk = await seedTalk(house.database, await tenantOf(house.database, 'analytical'));
  uploadId = globalId('Upload', talk.uploadId);
  transcriptId = globalId('Transcript', talk.transcriptId);
});
afterAll(() => house[Symbol.asyncDispose]());

const fault = (message: string) => [{ message, extensions: { code: 'BAD_USER_INPUT' } }];

test.each([0, -1, 86_401, 2 ** 31 - 1])(
  'a link for %d seconds is refused, not made for another time',
  async (seconds) => {
    const { errors } = await house.send(linkDocument, { id: uploadId, seconds });
    expect(errors).toMatchObject(fault('A link lives 1 second to 24 hours.'));
  },
);

test.each([
  ['ends where it starts', { startMs: 5, endMs: 5 }, 'A range must end after it starts.'],
  ['ends before it starts', { startMs: 9_000, endMs: 5 }, 'A range must end after it starts.'],
  [
    'is longer than words are told for',
    { startMs: 0, endMs: 600_001 },
    'A range of words may span at most ten minutes.',
  ],
])('a range that %s is refused', async (_what, range, message) => {
  const { errors } = await house.send(rangeDocument, { id: transcriptId, range });
  expect(errors?.slice(0, 1)).toMatchObject(fault(message));
});

test('a range tells the sentences and words that it overlaps', async () => {
  const { startMs } = await house.database.prisma.transcriptSegment.findFirstOrThrow({ where: { position: 0 } });
  const { data } = await house.send(rangeDocument, { id: transcriptId, range: { startMs, endMs: startMs + 1 } });
  expect(data.node).toMatchObject({ segments: { nodes: [{ text: 'We lost three hours.' }] }, words: [{ text: 'We' }] });
});
