import { afterAll, beforeAll, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import type { UpdateHighlightInput } from '#generated/client/graphql.ts';
import { type House, openHouse } from '../../support/house.ts';
import { startTalk } from '../../support/talk-run.ts';

const readDocument = graphql(`
  query ReelOfTalk($id: ID!) {
    node(id: $id) {
      __typename
      ... on Upload {
        runs { totalCount }
        highlights(orderBy: TIMELINE) { nodes { id title revision range { startMs endMs } } }
        clips {
          nodes {
            id
            origin
            revision
            cuts { startMs endMs }
            chapters { title }
            captions { link { url } }
            renditions { stale status file { sha256 } media { durationMs } }
          }
        }
      }
    }
  }
`);
const updateDocument = graphql(`
  mutation ChangeHighlightOfReel($input: UpdateHighlightInput!) { updateHighlight(input: $input) { errors { message } } }
`);
const renderDocument = graphql(`
  mutation RenderReel($input: RenderClipInput!) { renderClip(input: $input) { errors { message } run { id } } }
`);

let house: House;
let uploadId: string;

beforeAll(async () => {
  house = await openHouse();
  const run = await startTalk(house, {
    highlights: { count: 2, minDurationMs: 3_000, maxDurationMs: 5_000 },
    clips: { presets: ['LANDSCAPE_720P'], captionStyle: 'SIDECAR', removeSilences: false, reel: true },
  });
  uploadId = run.uploadId;
  await house.follow(run.runId);
}, 180_000);
afterAll(() => house[Symbol.asyncDispose]());

test('a reel leaves out a highlight that was dismissed, and has the file that it had once it is back', async () => {
  const { reel: before, highlights } = await read();
  const [first, second] = highlights;
  expect(before.chapters.map(({ title }) => title)).toEqual([first?.title, second?.title]);
  await change(second?.id, { decision: 'DISMISSED' });
  const left = await read();
  expect(left.reel).toMatchObject({
    revision: 2,
    cuts: [first?.range],
    chapters: [{ title: first?.title }],
    renditions: [{ stale: true, file: before.renditions[0]?.file }],
  });
  expect(left.runs, 'nothing is encoded until somebody asks for it').toBe(1);

  await render(before.id);
  const { reel: shorter } = await read();
  expect(shorter.renditions).toMatchObject([{ stale: false, status: 'SUCCEEDED' }]);
  const lasts = (first?.range.endMs ?? 0) - (first?.range.startMs ?? 0);
  expect(Math.abs((shorter.renditions[0]?.media?.durationMs ?? 0) - lasts)).toBeLessThanOrEqual(40);
  expect(shorter.renditions[0]?.file).not.toEqual(before.renditions[0]?.file);

  await change(second?.id, { decision: 'ACCEPTED' });
  expect((await read()).reel).toMatchObject({ revision: 3, cuts: before.cuts, renditions: [{ stale: true }] });
  await render(before.id);
  expect((await read()).reel).toMatchObject({ chapters: before.chapters, renditions: before.renditions });
}, 120_000);

async function change(highlightId = '', more: Partial<UpdateHighlightInput> = {}): Promise<void> {
  const baseRevision = (await read()).highlights.find(({ id }) => id === highlightId)?.revision ?? 0;
  const { data } = await house.send(updateDocument, { input: { highlightId, baseRevision, ...more } });
  expect(data.updateHighlight?.errors).toEqual([]);
}

async function render(clipId: string): Promise<void> {
  const shape = { presets: ['LANDSCAPE_720P' as const], captionStyle: 'SIDECAR' as const };
  const { data } = await house.send(renderDocument, {
    input: { clipId, ...shape, idempotencyKey: crypto.randomUUID() },
  });
  expect(data.renderClip?.errors).toEqual([]);
  const events = await house.follow(data.renderClip?.run?.id ?? '');
  expect(events.at(-1)).toMatchObject({ runStatus: 'SUCCEEDED' });
}

async function read() {
  const { data, errors } = await house.send(readDocument, { id: uploadId });
  expect(errors).toBeUndefined();
  if (data.node?.__typename !== 'Upload') throw new Error('the upload is not found');
  const { highlights, clips, runs } = data.node;
  const reel = clips.nodes.find(({ origin }) => origin === 'REEL');
  if (!reel) throw new Error('there is no reel');
  return { reel, highlights: highlights.nodes, runs: runs.totalCount };
}
