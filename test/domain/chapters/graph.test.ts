import { afterAll, beforeAll, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { type House, openHouse } from '../../support/house.ts';
import { seedDerived, seedRun, seedUpload, tenantOf } from '../../support/seed.ts';

const document = graphql(`
  query ReasonsAndChapters($id: ID!) {
    node(id: $id) {
      ... on Upload {
        chapters { title range { startMs endMs } }
        vtt: chapterText(format: WEBVTT)
        lines: chapterText(format: DESCRIPTION)
        moments { rank title score rejection range { startMs endMs } signals { name value } }
        highlights { nodes { startReason endReason signals { name value } } }
      }
    }
  }
`);

let house: House;
beforeAll(async () => {
  house = await openHouse({ worker: false });
});
afterAll(() => house[Symbol.asyncDispose]());

test('an upload tells its chapters, what was weighed in it, and why a highlight was chosen', async () => {
  const { prisma } = house.database;
  const tenant = await tenantOf(house.database, 'analytical');
  const uploadId = await seedUpload(house.database, tenant);
  const own = { workspaceId: tenant.workspaceId, uploadId };
  const runId = await seedRun(house.database, tenant, uploadId);
  const { Highlight } = await seedDerived(house.database, tenant, { uploadId });
  await prisma.highlight.update({
    where: { id: Highlight },
    data: { signals: { hook: 0.5, startBound: 'WORD' }, startReason: 'SENTENCE' },
  });
  const chapters = [
    { position: 1, startMs: 20_000, endMs: 50_000, title: 'Bread & butter' },
    { position: 0, startMs: 0, endMs: 20_000, title: 'Intro' },
  ];
  await prisma.chapter.createMany({ data: chapters.map((chapter) => ({ ...own, ...chapter })) });
  const weighed = [
    { rank: 2, startMs: 9, endMs: 99, title: 'Second', score: 0.4, signals: {}, rejection: 'OVERLAPS' as const },
    { rank: 1, startMs: 0, endMs: 900, title: 'Best', score: 1, signals: { hook: 1 } },
  ];
  await prisma.moment.createMany({ data: weighed.map((moment) => ({ ...own, runId, ...moment })) });

  const { data, errors } = await house.send(document, { id: globalId('Upload', uploadId) });
  expect(errors).toBeUndefined();
  expect(data.node).toEqual({
    chapters: [
      { title: 'Intro', range: { startMs: 0, endMs: 20_000 } },
      { title: 'Bread & butter', range: { startMs: 20_000, endMs: 50_000 } },
    ],
    vtt: expect.stringContaining('00:00:20.000 --> 00:00:50.000\nBread &amp; butter\n'),
    lines: '0:00 Intro\n0:20 Bread & butter\n',
    moments: [
      {
        rank: 1,
        title: 'Best',
        score: 1,
        rejection: null,
        range: { startMs: 0, endMs: 900 },
        signals: [{ name: 'hook', value: 1 }],
      },
      { rank: 2, title: 'Second', score: 0.4, rejection: 'OVERLAPS', range: { startMs: 9, endMs: 99 }, signals: [] },
    ],
    highlights: {
      nodes: [{ startReason: 'SENTENCE', endReason: 'RAW', signals: [{ name: 'hook', value: 0.5 }] }],
    },
  });
});

test('an upload without chapters has no text of them', async () => {
  const uploadId = await seedUpload(house.database, await tenantOf(house.database, 'analytical'));
  const { data } = await house.send(document, { id: globalId('Upload', uploadId) });
  expect(data.node).toMatchObject({ chapters: [], vtt: null, lines: null, moments: [] });
});
