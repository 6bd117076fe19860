import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { mintServiceKey } from '#embedded/storage/tokens.ts';
import { storageSecret } from '#embedded/storage-secret.ts';
import { graphql } from '#generated/client/gql.ts';
import { supabaseStorage } from '#providers/object-storage.supabase.ts';
import { erase } from '#retention/erase.ts';
import type { Runtime } from '#runtime.ts';
import { eventually } from '../../support/eventually.ts';
import { announce, type House, openHouse, sha256 } from '../../support/house.ts';
import { slowFfmpeg } from '../../support/odd-ffmpeg.ts';
import { processesNaming } from '../../support/processes.ts';
import { columnsNaming, idsBelow, rowCounts } from '../../support/rows.ts';
import { openJobs, untilNoFolders, untilNoJobs } from '../../support/run-rows.ts';
import { bytesIn, objectsIn } from '../../support/runtime.ts';
import { rowIdOf, shortClip, startTalk } from '../../support/talk-run.ts';

const deleteDocument = graphql(`
  mutation DeleteUpload($input: DeleteUploadInput!) {
    deleteUpload(input: $input) {
      errors { code message }
      deletedId
      receipt { id kind subjectId rows objects bytes completedAt }
    }
  }
`);

const receiptsDocument = graphql(`
  query Receipts($id: ID!) {
    workspace(by: { id: $id }) { erasureReceipts { totalCount nodes { kind subjectId rows objects bytes completedAt } } }
  }
`);

const clipsDocument = graphql(`
  query ClipFiles($id: ID!) {
    node(id: $id) {
      ... on Upload {
        file { link { url } sha256 }
        transcript { captions { sha256 link { url } } }
        clips { nodes { poster { sha256 link { url } } renditions { file { sha256 link { url } } } } }
      }
    }
  }
`);

async function opened(): Promise<House & { runtime: Runtime }> {
  const house = await openHouse({ worker: false });
  onTestFinished(() => house[Symbol.asyncDispose]());
  const env = envFrom({ OFFPRINT_HOME: house.home });
  const serviceKey = await mintServiceKey(await storageSecret(env));
  const storage = supabaseStorage({ url: `${house.url}/storage/v1`, serviceKey, maxUploadBytes: 1 });
  return { ...house, runtime: { env, log: openLog('silent'), database: house.database, storage } };
}

async function startedWorker(house: House, env: Record<string, string> = {}): Promise<void> {
  const worker = await house.startWorker(env);
  onTestFinished(() => worker[Symbol.asyncDispose]());
}

async function deleteUpload(house: House, uploadId: string, token?: string) {
  const { data } = await house.send(deleteDocument, { input: { uploadId } }, token);
  return data.deleteUpload ?? { errors: [], deletedId: null, receipt: null };
}

async function receipts(house: House) {
  const { data } = await house.send(receiptsDocument, { id: house.workspaceId });
  return data.workspace?.erasureReceipts.nodes ?? [];
}

/** The waiting look of an erasure. */
async function waitingLook({ database }: House): Promise<unknown> {
  const { rows } = await database.pool.query<{ payload: unknown }>(
    `select payload from graphile_worker._private_jobs where key like 'erase:%'`,
  );
  return rows[0]?.payload;
}

describe('deleting an upload', () => {
  test('in the middle of a run leaves no row, no object, no child, and ends who follows', async () => {
    const house = await opened();
    await startedWorker(house, { FFMPEG_PATH: await slowFfmpeg(path.join(house.home, 'ffmpeg')) });
    const run = await startTalk(house, shortClip('LANDSCAPE_720P'));
    const untilCut = {
      until: (event: { __typename: string; stage?: string }) =>
        event.stage === 'CUT' && event.__typename === 'StageProgressEvent',
    };
    await house.follow(run.runId, { after: run.after, ...untilCut });
    const snapshot = Promise.withResolvers<void>();
    const following = house.follow(run.runId, {
      until: () => {
        snapshot.resolve();
        return false;
      },
    });
    await snapshot.promise;
    const uploadId = rowIdOf(run.uploadId);
    const ids = await idsBelow(house.database, uploadId);

    const { errors, deletedId, receipt } = await deleteUpload(house, run.uploadId);
    expect([errors, deletedId, receipt?.subjectId]).toEqual([[], run.uploadId, run.uploadId]);
    expect(await columnsNaming(house.database, ids)).toEqual({
      'erasure_receipts.subject_id': 1,
      'workspace_activities.subject_id': 1,
    });
    expect((await following).at(-1)).not.toMatchObject({ isFinal: true });
    const work = path.join(house.home, 'work');
    await vi.waitFor(async () => expect(await processesNaming(work)).toEqual([]), { timeout: 5_000, interval: 50 });
    await untilNoFolders(work);
    await vi.waitFor(async () => expect(await objectsIn(house.runtime.storage)).toEqual([]), { timeout: 5_000 });
    expect(await columnsNaming(house.database, ids)).toMatchObject({ 'erasure_receipts.subject_id': 1 });

    await eventually(async () => expect((await receipts(house))[0]?.objects).toBeGreaterThan(0));
    const [waiting] = await receipts(house);
    expect(waiting?.completedAt, 'a worker may still send something').toBeNull();
    const prefix = `${rowIdOf(house.workspaceId)}/${uploadId}`;
    await house.runtime.storage.put({ bucket: 'clips', key: `${prefix}/late.mp4` }, 'late', {
      contentType: 'video/mp4',
    });
    const later = new Date(Date.now() + 31_000);
    for (let count = 0; count < 2; count += 1) await erase(house.runtime, await waitingLook(house), later);
    expect(await objectsIn(house.runtime.storage)).toEqual([]);
    expect((await receipts(house))[0]).toMatchObject({
      completedAt: expect.any(String),
      objects: (waiting?.objects ?? 0) + 1,
      bytes: (waiting?.bytes ?? 0) + 4,
    });
  }, 120_000);

  test('is told to the last row and byte on its receipt', async () => {
    const house = await opened();
    await startedWorker(house);
    const run = await startTalk(house, shortClip('AUDIO_ONLY'));
    await house.follow(run.runId);
    await untilNoJobs(house.database);
    const before = await rowCounts(house.database);
    const objects = await objectsIn(house.runtime.storage);
    const bytes = await bytesIn(house.runtime.storage);
    const activities = await house.database.prisma.workspaceActivity.count();

    const { receipt } = await deleteUpload(house, run.uploadId);
    await vi.waitFor(async () => expect((await receipts(house))[0]?.completedAt).not.toBeNull(), { timeout: 5_000 });
    const after = await rowCounts(house.database);
    const added = ['erasure_receipts', 'workspace_activities', 'usage_entries'];
    const lost = [...before].filter(([table]) => !added.includes(table));
    const rows = lost.reduce((sum, [table, count]) => sum + count - (after.get(table) ?? 0), activities);
    expect(receipt).toMatchObject({ kind: 'UPLOAD', rows });
    expect(await receipts(house)).toMatchObject([{ rows, objects: objects.length, bytes }]);
    expect(await objectsIn(house.runtime.storage)).toEqual([]);
    const stored = await house.database.prisma.usageEntry.aggregate({
      where: { unit: 'STORED_BYTES' },
      _sum: { quantity: true },
    });
    expect(Number(stored._sum.quantity), 'the ledger says that nothing is stored').toBe(0);
  });

  test('leaves to another upload of the same bytes what both use', async () => {
    const house = await opened();
    await startedWorker(house);
    const first = await startTalk(house, shortClip('AUDIO_ONLY'));
    await house.follow(first.runId);
    const second = await startTalk(house, shortClip('AUDIO_ONLY'));
    await house.follow(second.runId);
    const shared = await house.database.prisma.rendition.findMany({ select: { artifactId: true } });
    expect(new Set(shared.map(({ artifactId }) => artifactId)).size, 'the second run encoded nothing').toBe(1);

    await deleteUpload(house, first.uploadId);
    await vi.waitFor(async () => expect((await receipts(house))[0]?.completedAt).not.toBeNull(), { timeout: 5_000 });
    const { data } = await house.send(clipsDocument, { id: second.uploadId });
    const upload = data.node && 'clips' in data.node ? data.node : null;
    const files = upload?.clips.nodes.flatMap(({ poster, renditions }) => [
      poster,
      ...renditions.map(({ file }) => file),
    ]);
    const all = [...(files ?? []), upload?.file, upload?.transcript?.captions];
    expect(all).toHaveLength(4);
    for (const file of all) {
      const answer = await fetch(file?.link?.url ?? '');
      expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(file?.sha256);
    }

    await deleteUpload(house, second.uploadId);
    await vi.waitFor(
      async () => expect((await receipts(house)).map((row) => row.completedAt !== null)).toEqual([true, true]),
      { timeout: 5_000 },
    );
    expect(await objectsIn(house.runtime.storage)).toEqual([]);
  });

  test('whose bytes are still on their way is done when none can come any more', async () => {
    const house = await opened();
    const { upload } = await announce(house, Buffer.from('bytes'));
    const { receipt } = await deleteUpload(house, upload?.id ?? '');
    expect(receipt?.completedAt).toBeNull();
    const look = await waitingLook(house);
    await erase(house.runtime, look, new Date());
    expect((await receipts(house))[0]?.completedAt).toBeNull();
    const headers = Object.fromEntries(upload?.target?.headers.map(({ name, value }) => [name, value]) ?? []);
    const sent = await fetch(upload?.target?.url ?? '', { method: 'PUT', headers, body: 'bytes' });
    expect(sent.status, 'the target still takes them').toBe(200);
    expect(await objectsIn(house.runtime.storage)).toHaveLength(1);
    const later = new Date(Date.now() + 3 * 60 * 60 * 1000);
    for (let count = 0; count < 2; count += 1) await erase(house.runtime, await waitingLook(house), later);
    expect(await objectsIn(house.runtime.storage)).toEqual([]);
    expect((await receipts(house))[0]).toMatchObject({ objects: 1, bytes: 5, completedAt: expect.any(String) });
  });

  test('is for who sent it and for admins, and done once', async () => {
    const house = await opened();
    const { upload } = await announce(house, Buffer.from('bytes'));
    const id = upload?.id ?? '';
    const mint = (user: string, role: string) => house.keys.mint({ user, workspace: 'analytical', role });
    const stranger = await house.keys.mint({ user: 'eve', workspace: 'elsewhere' });
    expect((await deleteUpload(house, id, stranger)).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await deleteUpload(house, id, await mint('bob', 'editor'))).errors).toMatchObject([{ code: 'FORBIDDEN' }]);
    const done = await deleteUpload(house, id, await mint('joan', 'admin'));
    expect(done.errors).toEqual([]);
    expect(await deleteUpload(house, id), 'asked again').toEqual(done);
    expect((await deleteUpload(house, id, stranger)).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await receipts(house)).length).toBe(1);
    expect(await openJobs(house.database)).toBe(1);
  });
});
