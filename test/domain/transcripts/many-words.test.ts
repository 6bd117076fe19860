import { afterAll, beforeAll, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { type House, openHouse } from '../../support/house.ts';
import { seedUpload, tenantOf } from '../../support/seed.ts';

const wordsDocument = graphql(`
  query ManyWords($id: ID!, $range: TimeRangeInput!) {
    node(id: $id) { ... on Transcript { words(range: $range) { text } } }
  }
`);
const segmentsDocument = graphql(`
  query ManySegments($id: ID!, $first: Int!) {
    node(id: $id) { ... on Transcript { segments(first: $first) { nodes { words { text } } } } }
  }
`);

let house: House;
let id: string;

/** Ten seconds of 15,001 words, ten seconds of as many more. */
beforeAll(async () => {
  house = await openHouse({ worker: false });
  const { prisma } = house.database;
  const tenant = await tenantOf(house.database, 'analytical');
  const uploadId = await seedUpload(house.database, tenant, { durationMs: 20_000 });
  const facts = { language: 'en', wordTiming: 'MEASURED', provider: 'captions', wordCount: 30_002 } as const;
  const owner = { workspaceId: tenant.workspaceId };
  const transcript = await prisma.transcript.create({
    data: { ...owner, uploadId, ...facts, artifactKey: crypto.randomUUID() },
  });
  await prisma.transcriptSegment.createMany({
    data: [0, 1].map((position) => ({
      ...owner,
      transcriptId: transcript.id,
      position,
      startMs: position * 10_000,
      endMs: position * 10_000 + 10_000,
      text: 'a',
      words: Array.from({ length: 15_001 }, () => [position * 10_000, position * 10_000 + 20, 'a']),
    })),
  });
  id = globalId('Transcript', transcript.id);
});
afterAll(() => house[Symbol.asyncDispose]());

const refused = [
  {
    message: 'These are 30002 words; one answer gives at most 30000: ask for a part of them.',
    extensions: { code: 'BAD_USER_INPUT' },
  },
];

test('more words than an answer may hold are refused, a part of them is not', async () => {
  const all = await house.send(wordsDocument, { id, range: { startMs: 0, endMs: 20_000 } });
  expect(all.errors).toMatchObject(refused);
  const { data, errors } = await house.send(wordsDocument, { id, range: { startMs: 0, endMs: 10_000 } });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ node: { words: { length: 15_001 } } });
});

test('the same holds for the words of the segments of a page', async () => {
  expect((await house.send(segmentsDocument, { id, first: 2 })).errors).toMatchObject(refused);
  expect((await house.send(segmentsDocument, { id, first: 1 })).errors).toBeUndefined();
});
