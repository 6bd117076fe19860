import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import type { TranscriptOperationInput } from '#generated/client/graphql.ts';
import { type EditedTalk, seedTalk } from '../../support/edited-talk.ts';
import { type House, openHouse } from '../../support/house.ts';
import { tenantOf } from '../../support/seed.ts';

const editDocument = graphql(`
  mutation Edit($input: EditTranscriptInput!) {
    editTranscript(input: $input) {
      errors { __typename code message path ... on StaleRevisionError { expectedRevision currentRevision } }
      transcript { revision wordCount }
      edit { revision summary author { displayName } undoes { revision } }
      changedSegments { text edited }
    }
  }
`);
const undoDocument = graphql(`
  mutation Undo($input: UndoTranscriptEditInput!) {
    undoTranscriptEdit(input: $input) {
      errors { code message }
      transcript { revision }
      edit { summary undoes { revision undoneBy { revision } } }
      changedSegments { text }
    }
  }
`);
const redoDocument = graphql(`
  mutation Redo($input: RedoTranscriptEditInput!) {
    redoTranscriptEdit(input: $input) { errors { code message } transcript { revision } changedSegments { text } }
  }
`);
const readDocument = graphql(`
  query EditedTranscript($id: ID!) {
    node(id: $id) {
      ... on Transcript {
        revision
        wordCount
        speakers { displayName }
        segments { nodes { text startMs endMs edited speaker { label } words { text startMs endMs } } }
        edits { totalCount nodes { revision summary } }
        upload {
          highlights { nodes { quote revision } }
          clips { nodes { revision renditions { captionStyle stale } } }
          contents { nodes { stale } }
        }
      }
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

const segment = (at: number): string => globalId('TranscriptSegment', talk.segmentIds[at] ?? '');
const transcriptId = (): string => globalId('Transcript', talk.transcriptId);
const reword = (at: number, text: string): TranscriptOperationInput => ({
  replaceText: { segmentId: segment(at), text },
});

async function edit(baseRevision: number, ...operations: TranscriptOperationInput[]) {
  const input = { transcriptId: transcriptId(), baseRevision, operations };
  const { data, errors } = await house.send(editDocument, { input });
  expect(errors).toBeUndefined();
  return data.editTranscript;
}

async function undo(baseRevision: number) {
  const { data } = await house.send(undoDocument, { input: { transcriptId: transcriptId(), baseRevision } });
  return data.undoTranscriptEdit;
}

async function redo(baseRevision: number) {
  const { data } = await house.send(redoDocument, { input: { transcriptId: transcriptId(), baseRevision } });
  return data.redoTranscriptEdit;
}

async function read() {
  const { data, errors } = await house.send(readDocument, { id: transcriptId() });
  expect(errors).toBeUndefined();
  if (!data.node || !('segments' in data.node)) throw new Error('the transcript is not found');
  return data.node;
}

const texts = async (): Promise<string[]> => (await read()).segments.nodes.map(({ text }) => text);
const orders = () => house.database.prisma.$queryRaw`
  select payload from graphile_worker._private_jobs j
  join graphile_worker._private_tasks t on t.id = j.task_id
  where t.identifier = 'captions' and j.key = ${`captions:${talk.transcriptId}`}`;

describe('an edit', () => {
  test('is written as the next revision, with who made it and what it changed', async () => {
    expect(await edit(1, reword(0, 'We lost four long hours.'))).toEqual({
      errors: [],
      transcript: { revision: 2, wordCount: 12 },
      edit: { revision: 2, summary: '1 text changed', author: { displayName: 'ada' }, undoes: null },
      changedSegments: [{ text: 'We lost four long hours.', edited: true }],
    });
    const { segments, edits } = await read();
    expect(segments.nodes[0]?.words.map(({ text, startMs, endMs }) => [text, startMs, endMs])).toEqual([
      ['We', 1000, 1300],
      ['lost', 1300, 1600],
      ['four', 1600, 1750],
      ['long', 1750, 1900],
      ['hours.', 1900, 2200],
    ]);
    expect(edits).toEqual({ totalCount: 1, nodes: [{ revision: 2, summary: '1 text changed' }] });
  });

  test('splits and joins in the middle of the rest, which stays in order', async () => {
    const split = { splitSegment: { segmentId: segment(0), atMs: 1600 } };
    const merged = { mergeSegments: { segmentIds: [segment(1), segment(2)] } };
    await edit(1, split, merged);
    expect(await texts()).toEqual(['We lost', 'three hours.', 'Nobody noticed it. The disk was full.']);
    await edit(2, { splitSegment: { segmentId: segment(1), atMs: 4100 } }, reword(0, ''));
    expect(await texts()).toEqual(['three hours.', 'Nobody noticed it.', 'The disk was full.']);
    const rows = await house.database.prisma.transcriptSegment.findMany({
      where: { transcriptId: talk.transcriptId },
      orderBy: { position: 'asc' },
      select: { position: true },
    });
    expect(rows.map(({ position }) => position)).toEqual([0, 1, 2]);
  });

  test('names speakers', async () => {
    const speakerId = globalId('Speaker', talk.speakerId);
    const { edit: written } =
      (await edit(
        1,
        { setSpeaker: { segmentIds: [segment(1)], speakerId } },
        { renameSpeaker: { speakerId, displayName: 'Ada' } },
      )) ?? {};
    expect(written?.summary).toBe('1 change of speaker, 1 speaker renamed');
    const { speakers, segments } = await read();
    expect(speakers).toEqual([{ displayName: 'Ada' }]);
    expect(segments.nodes.map(({ speaker }) => speaker?.label ?? null)).toEqual([null, 'A', null]);
  });

  test('is refused on top of a revision that is not the newest', async () => {
    await edit(1, reword(0, 'We lost four hours.'));
    expect(await edit(1, reword(1, 'Somebody noticed it.'))).toMatchObject({
      errors: [{ __typename: 'StaleRevisionError', code: 'STALE_REVISION', expectedRevision: 1, currentRevision: 2 }],
      transcript: null,
      edit: null,
      changedSegments: null,
    });
    expect(await texts()).toEqual(['We lost four hours.', 'Nobody noticed it.', 'The disk was full.']);
  });

  test('is done as a whole or not at all', async () => {
    const elsewhere = { splitSegment: { segmentId: globalId('TranscriptSegment', crypto.randomUUID()), atMs: 1 } };
    expect(await edit(1, reword(0, 'We lost four hours.'), elsewhere)).toMatchObject({
      errors: [{ code: 'NOT_FOUND', path: ['input', 'operations', '1'] }],
    });
    expect(await read()).toMatchObject({ revision: 1, edits: { totalCount: 0 } });
  });

  test('that changes nothing is no edit', async () => {
    expect(await edit(1, reword(0, 'We  lost three hours.'))).toEqual({
      errors: [],
      transcript: { revision: 1, wordCount: 11 },
      edit: null,
      changedSegments: [],
    });
  });

  test('leaves a transcript at least one sentence', async () => {
    const { errors } = (await edit(1, reword(0, ''), reword(1, ''), reword(2, ''))) ?? {};
    expect(errors).toMatchObject([{ code: 'INVALID_INPUT' }]);
  });

  test('that names thousands of segments is refused before any is looked for', async () => {
    const speakerId = globalId('Speaker', talk.speakerId);
    const segmentIds = () => Array.from({ length: 500 }, () => globalId('TranscriptSegment', crypto.randomUUID()));
    const operations = Array.from({ length: 5 }, () => ({ setSpeaker: { segmentIds: segmentIds(), speakerId } }));
    expect((await edit(1, ...operations))?.errors).toMatchObject([
      {
        code: 'INVALID_INPUT',
        message: expect.stringContaining('At most 2,000 segments in all.'),
        path: ['input', 'operations'],
      },
    ]);
  });

  test('that brings a book along is refused', async () => {
    const operations = Array.from({ length: 21 }, () => reword(0, 'a'.repeat(5_000)));
    expect((await edit(1, ...operations))?.errors).toMatchObject([
      {
        code: 'INVALID_INPUT',
        message: expect.stringContaining('At most 100,000 characters in all.'),
        path: ['input', 'operations'],
      },
    ]);
  });

  test('tells the dashboards of the workspace', async () => {
    await edit(1, reword(0, 'We lost four hours.'));
    const where = { subjectId: talk.transcriptId };
    expect(await house.database.prisma.workspaceActivity.findMany({ where })).toMatchObject([
      { kind: 'TRANSCRIPT_EDITED', subjectType: 'Transcript' },
    ]);
  });
});

describe('what was made of the words', () => {
  test('is stale where they are drawn, heard or cited, and nowhere else', async () => {
    await edit(1, reword(0, 'We lost four hours.'));
    expect((await read()).upload).toEqual({
      highlights: { nodes: [{ quote: 'We lost four hours.', revision: 1 }] },
      clips: {
        nodes: [
          {
            revision: 2,
            renditions: [
              { captionStyle: 'SIDECAR', stale: false },
              { captionStyle: 'BURNED_PLAIN', stale: true },
            ],
          },
          { revision: 1, renditions: [{ captionStyle: 'BURNED_PLAIN', stale: false }] },
        ],
      },
      contents: { nodes: [{ stale: true }] },
    });
    expect(await orders()).toMatchObject([{ payload: { transcriptId: talk.transcriptId } }]);
  });

  test('stays as it is when sentences are split, joined or given a speaker only', async () => {
    await edit(
      1,
      { splitSegment: { segmentId: segment(0), atMs: 1600 } },
      { mergeSegments: { segmentIds: [segment(1), segment(2)] } },
      { setSpeaker: { segmentIds: [segment(1)], speakerId: globalId('Speaker', talk.speakerId) } },
    );
    const { upload } = await read();
    expect(upload.highlights.nodes[0]?.quote).toBe('We lost three hours.');
    expect(upload.clips.nodes.map(({ revision }) => revision)).toEqual([1, 1]);
    expect(upload.contents.nodes).toEqual([{ stale: false }]);
  });

  test('is right again when the edit is taken back, save what has to be drawn', async () => {
    await edit(1, reword(0, 'We lost four hours.'));
    await undo(2);
    const { upload } = await read();
    expect(upload.highlights.nodes[0]?.quote).toBe('We lost three hours.');
    expect(upload.contents.nodes).toEqual([{ stale: false }]);
    expect(upload.clips.nodes[0]).toMatchObject({ revision: 3, renditions: [{ stale: false }, { stale: true }] });
  });
});

describe('taking back', () => {
  test('goes back edit by edit and forth again, each as a new revision', async () => {
    const asItWas = (await read()).segments;
    await edit(1, { splitSegment: { segmentId: segment(0), atMs: 1600 } }, reword(2, 'The disk was quite full.'));
    const once = (await read()).segments;
    await edit(2, { mergeSegments: { segmentIds: [segment(1), segment(2)] } });
    const twice = (await read()).segments;
    expect(await undo(3)).toEqual({
      errors: [],
      transcript: { revision: 4 },
      edit: { summary: 'Undo: 1 join of sentences', undoes: { revision: 3, undoneBy: { revision: 4 } } },
      changedSegments: [{ text: 'Nobody noticed it.' }, { text: 'The disk was quite full.' }],
    });
    expect((await read()).segments).toEqual(once);
    await undo(4);
    expect((await read()).segments).toEqual(asItWas);
    expect(await undo(5)).toMatchObject({ errors: [{ code: 'INVALID_STATE', message: 'There is nothing to undo.' }] });
    await redo(5);
    expect((await read()).segments).toEqual(once);
    await redo(6);
    expect((await read()).segments).toEqual(twice);
    expect(await redo(7)).toMatchObject({ errors: [{ code: 'INVALID_STATE', message: 'There is nothing to redo.' }] });
    expect((await read()).wordCount).toBe(12);
  });

  test('needs the newest revision, too', async () => {
    await edit(1, reword(0, 'We lost four hours.'));
    expect(await undo(1)).toMatchObject({ errors: [{ code: 'STALE_REVISION' }] });
  });
});
