import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Folder, openFolder } from '#base/temp.ts';
import { graphql } from '#generated/client/gql.ts';
import { type House, openHouse } from '../../support/house.ts';
import { notedFfmpeg } from '../../support/odd-ffmpeg.ts';
import { eventsOf, stageLines } from '../../support/run-rows.ts';
import { rowIdOf, startTalk } from '../../support/talk-run.ts';

const readDocument = graphql(`
  query ClipsOfTalk($id: ID!) {
    node(id: $id) {
      __typename
      ... on Upload {
        transcript { id revision captions { link { url } } segments { nodes { id text startMs endMs } } }
        clips {
          nodes {
            id
            revision
            range { startMs endMs }
            captions { link { url } }
            renditions { stale status file { sha256 } }
          }
        }
      }
    }
  }
`);
const editDocument = graphql(`
  mutation EditTalk($input: EditTranscriptInput!) { editTranscript(input: $input) { errors { message } } }
`);
const undoDocument = graphql(`
  mutation UndoTalk($input: UndoTranscriptEditInput!) { undoTranscriptEdit(input: $input) { errors { message } } }
`);
const renderDocument = graphql(`
  mutation RenderTalk($input: RenderClipInput!) { renderClip(input: $input) { errors { message } run { id } } }
`);

describe('a word that is corrected', () => {
  let folder: Folder;
  let house: House;
  let uploadId: string;
  let asItWas: Awaited<ReturnType<typeof read>>;

  beforeAll(async () => {
    folder = await openFolder();
    house = await openHouse({ env: { FFMPEG_PATH: await notedFfmpeg(folder.file('ffmpeg')) } });
    const run = await startTalk(house, {
      highlights: { count: 2, minDurationMs: 3_000, maxDurationMs: 7_000 },
      clips: { presets: ['LANDSCAPE_720P'], captionStyle: 'BURNED_PLAIN', removeSilences: false, reel: false },
    });
    uploadId = run.uploadId;
    await house.follow(run.runId);
    asItWas = await read();
  }, 180_000);
  afterAll(async () => {
    await house[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  test('is drawn into the clip that it is said in, by one encode, and no other clip is touched', async () => {
    const before = asItWas;
    const { clip, other, segment } = partsOf(before);
    const encodes = await encoded();
    const operations = [{ replaceText: { segmentId: segment.id, text: `Honestly ${segment.text}` } }];
    const input = { transcriptId: before.transcript?.id ?? '', baseRevision: 1, operations };
    expect((await house.send(editDocument, { input })).data.editTranscript?.errors).toEqual([]);

    const edited = await read();
    expect(clipOf(edited, clip.id)).toMatchObject({ revision: 2, renditions: [{ stale: true }] });
    expect(clipOf(edited, other.id)).toMatchObject({ revision: 1, renditions: other.renditions });
    await vi.waitFor(
      async () => {
        const { transcript, ...now } = await read();
        expect(await textAt(transcript?.captions?.link?.url)).toContain('Honestly');
        expect(await textAt(clipOf(now, clip.id)?.captions?.link?.url)).toContain('Honestly');
      },
      { timeout: 20_000, interval: 250 },
    );
    expect(await encoded()).toBe(encodes);

    const lines = await render(clip.id);
    expect(lines).toEqual(['cut QUEUED 0', 'cut RUNNING 1', 'cut SUCCEEDED 1']);
    const rendered = await read();
    expect(await encoded()).toBe(encodes + 1);
    expect(clipOf(rendered, clip.id)).toMatchObject({
      revision: 2,
      renditions: [{ stale: false, status: 'SUCCEEDED' }],
    });
    expect(fileOf(rendered, clip.id)).not.toBe(fileOf(before, clip.id));
    expect(fileOf(rendered, other.id)).toBe(fileOf(before, other.id));
  });

  test('and corrected back is the file that it was, without another encode', async () => {
    const { transcript } = await read();
    const encodes = await encoded();
    const input = { transcriptId: transcript?.id ?? '', baseRevision: transcript?.revision ?? 0 };
    expect((await house.send(undoDocument, { input })).data.undoTranscriptEdit?.errors).toEqual([]);
    const stale = (await read()).clips.nodes.filter(({ renditions }) => renditions.some((one) => one.stale));
    expect(stale.map(({ id }) => id)).toEqual([partsOf(asItWas).clip.id]);
    await render(stale[0]?.id ?? '');
    const after = await read();
    expect(after.clips.nodes.map(({ renditions }) => renditions)).toEqual(
      asItWas.clips.nodes.map(({ renditions }) => renditions),
    );
    expect(await encoded()).toBe(encodes);
  });

  async function render(clipId: string): Promise<string[]> {
    const presets = ['LANDSCAPE_720P' as const];
    const input = { clipId, presets, captionStyle: 'BURNED_PLAIN' as const, idempotencyKey: crypto.randomUUID() };
    const { data } = await house.send(renderDocument, { input });
    expect(data.renderClip?.errors).toEqual([]);
    const runId = data.renderClip?.run?.id ?? '';
    expect((await house.follow(runId)).at(-1)).toMatchObject({ runStatus: 'SUCCEEDED', isFinal: true });
    return stageLines(await eventsOf(house.database, rowIdOf(runId)));
  }

  async function read() {
    const { data, errors } = await house.send(readDocument, { id: uploadId });
    expect(errors).toBeUndefined();
    if (data.node?.__typename !== 'Upload') throw new Error('the upload is not found');
    return data.node;
  }

  type Read = Pick<Awaited<ReturnType<typeof read>>, 'clips'>;

  const clipOf = ({ clips }: Read, id: string) => clips.nodes.find((clip) => clip.id === id);
  const fileOf = (talk: Read, id: string) => clipOf(talk, id)?.renditions[0]?.file?.sha256;

  /** A clip, another one, and a sentence that is heard in the first only. */
  function partsOf({ transcript, clips }: Awaited<ReturnType<typeof read>>) {
    const [clip, other] = clips.nodes;
    if (!clip || !other) throw new Error('there are not two clips');
    const segment = transcript?.segments.nodes.find(
      ({ startMs, endMs }) =>
        startMs >= clip.range.startMs &&
        endMs <= clip.range.endMs &&
        (endMs <= other.range.startMs || startMs >= other.range.endMs),
    );
    if (!segment) throw new Error('no sentence is heard in the first clip only');
    return { clip, other, segment };
  }

  async function encoded(): Promise<number> {
    const calls = await readFile(`${folder.file('ffmpeg')}.calls`, 'utf8').catch(() => '');
    return calls.split('\n').filter((line) => line.includes('libx264')).length;
  }
});

async function textAt(url: string | undefined): Promise<string> {
  return (await fetch(url ?? '')).text();
}
