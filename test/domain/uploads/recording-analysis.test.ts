import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { graphql } from '#generated/client/gql.ts';
import { finalize, type House, openHouse, sendBytes, sha256 } from '../../support/house.ts';
import { ffmpegForTests, made, recording } from '../../support/media.ts';
import { seedUpload, tenantOf } from '../../support/seed.ts';
import { rowIdOf } from '../../support/talk-run.ts';

const analysisDocument = graphql(`
  query AnalysisOfUpload($id: ID!) {
    node(id: $id) {
      ... on Upload {
        status
        storyboard { tileWidth tileHeight tiles { atMs x y } file { contentType sha256 link { url } } }
        waveform { peakMs file { contentType sizeBytes link { url } } }
        posters { atMs score }
        scenes
        layout { kind range { startMs endMs } x y width height confidence }
      }
    }
  }
`);

const deleteDocument = graphql(`
  mutation DeleteAnalysed($input: DeleteUploadInput!) { deleteUpload(input: $input) { errors { code } } }
`);

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house[Symbol.asyncDispose]());

async function analysisOf(id: string) {
  const { data } = await house.send(analysisDocument, { id });
  return data.node && 'posters' in data.node ? data.node : null;
}

/** Sends a recording and waits until it was read. */
async function ingested(file: string): Promise<string> {
  const id = await sendBytes(house, await readFile(file));
  const { run } = await finalize(house, id);
  await house.follow(run?.id ?? '');
  return id;
}

/** Slides that change every ten seconds, with a camera in the corner whose picture never rests. */
async function lecture(): Promise<string> {
  const slides = ['smptebars', 'pal100bars', 'smptehdbars'].map(
    (name) => `${name}=s=640x360:r=5:d=10,format=yuv420p[${name}]`,
  );
  const joined = '[smptebars][pal100bars][smptehdbars]concat=n=3[slides]';
  const camera = 'nullsrc=s=32x18:r=5:d=30,geq=random(1)*255:128:128,scale=160:90[camera]';
  const graph = [...slides, joined, camera, '[slides][camera]overlay=460:250[v]'].join(';');
  const encoded = ['-map', '[v]', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-sc_threshold', '0'];
  const sound = ['-f', 'lavfi', '-t', '30', '-i', 'anullsrc', '-map', '0:a', '-c:a', 'aac'];
  const { ffmpeg } = (await ffmpegForTests()).tools;
  return made(ffmpeg, 'lecture.mp4', [...sound, '-filter_complex', graph, ...encoded]);
}

test('what one reading found is told with its files', async () => {
  const analysis = await analysisOf(await ingested(await lecture()));
  expect(analysis?.storyboard?.tiles).toHaveLength(15);
  expect(analysis?.storyboard?.tiles.slice(9, 12)).toEqual([
    { atMs: 18_000, x: 1_440, y: 0 },
    { atMs: 20_000, x: 0, y: 90 },
    { atMs: 22_000, x: 160, y: 90 },
  ]);
  const jpeg = await bytesAt(analysis?.storyboard?.file?.link?.url);
  expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8]);
  expect(analysis?.scenes).toEqual([10_000, 20_000]);
  expect(analysis?.posters[0]?.score).toBeGreaterThan(0.3);
  expect(analysis?.waveform).toMatchObject({ peakMs: 50, file: { contentType: 'application/octet-stream' } });
  const waveform = await bytesAt(analysis?.waveform?.file?.link?.url);
  const pairs = new DataView(waveform.buffer).getUint32(16, true);
  expect(Math.abs(pairs * 50 - 30_000), 'what the encoder adds').toBeLessThanOrEqual(100);
  expect(analysis?.layout.map(({ kind }) => kind)).toEqual(['SLIDES', 'CAMERA']);
  const camera = analysis?.layout[1];
  expect(camera?.range).toEqual({ startMs: 0, endMs: 30_000 });
  expect([camera?.x, camera?.y].map((edge, at) => Math.abs((edge ?? 0) - (at === 0 ? 460 : 250)) < 24)).toEqual([
    true,
    true,
  ]);
});

test('sound alone has a waveform and nothing to see', async () => {
  const analysis = await analysisOf(await ingested(await recording('silent.wav')));
  expect(analysis).toMatchObject({ storyboard: null, posters: [], scenes: [], layout: [], waveform: { peakMs: 50 } });
});

test('a picture alone has no waveform', async () => {
  const analysis = await analysisOf(await ingested(await recording('mute.mp4')));
  expect(analysis).toMatchObject({ waveform: null, storyboard: { tiles: [{ atMs: 0 }, { atMs: 2_000 }] } });
});

test('a recording that was verified before there was an analysis has none of it', async () => {
  const id = globalId('Upload', await seedUpload(house.database, await tenantOf(house.database, 'analytical')));
  const nothing = { storyboard: null, waveform: null, posters: [], scenes: [], layout: [] };
  expect(await analysisOf(id)).toEqual({ status: 'READY', ...nothing });
});

test('the same bytes sent twice share their files, and keep them when the first upload is deleted', async () => {
  const file = await recording('dark-start.mp4');
  const [first, second] = [await ingested(file), await ingested(file)];
  const [one, other] = [await analysisOf(first), await analysisOf(second)];
  expect(other?.storyboard?.file?.sha256).toBe(one?.storyboard?.file?.sha256);
  expect(
    await house.database.prisma.artifact.count({
      where: { contentType: 'image/jpeg', sha256: one?.storyboard?.file?.sha256 ?? '' },
    }),
  ).toBe(1);
  await house.send(deleteDocument, { input: { uploadId: first } });
  await vi.waitFor(() => receiptIsComplete(rowIdOf(first)), { timeout: 5_000 });
  const kept = await bytesAt((await analysisOf(second))?.storyboard?.file?.link?.url);
  expect(sha256(kept)).toBe(one?.storyboard?.file?.sha256);
});

async function bytesAt(url: string | undefined): Promise<Uint8Array> {
  const answer = await fetch(url ?? '');
  expect(answer.status).toBe(200);
  return new Uint8Array(await answer.arrayBuffer());
}

const receiptIsComplete = async (subjectId: string): Promise<void> => {
  const where = { subjectId };
  const receipt = await house.database.prisma.erasureReceipt.findFirstOrThrow({ where });
  expect(receipt.completedAt).not.toBeNull();
};
