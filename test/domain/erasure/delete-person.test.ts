import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envFrom } from '#base/env.ts';
import { globalId } from '#base/global-id.ts';
import { openLog } from '#base/log.ts';
import { openFolder } from '#base/temp.ts';
import { makeExport } from '#domain/exports/make-export.ts';
import { mintServiceKey } from '#embedded/storage/tokens.ts';
import { storageSecret } from '#embedded/storage-secret.ts';
import { graphql } from '#generated/client/gql.ts';
import { supabaseStorage } from '#providers/object-storage.supabase.ts';
import { erase } from '#retention/erase.ts';
import type { Runtime } from '#runtime.ts';
import { mutations, nothingGiven } from '../../support/documents.ts';
import { type House, openHouse } from '../../support/house.ts';
import { calm } from '../../support/media.ts';
import { columnsNaming } from '../../support/rows.ts';
import { objectsIn, putObject } from '../../support/runtime.ts';
import { seedDerived, seedRun, seedUpload } from '../../support/seed.ts';
import { rowIdOf } from '../../support/talk-run.ts';

const meDocument = graphql(`
  query Me {
    viewer {
      user { id }
      workspaces { nodes { workspace { id slug } } }
      exports { id readyAt sizeBytes link { url } }
    }
  }
`);

const exportDocument = graphql(`
  mutation ExportMe($input: ExportMyDataInput!) {
    exportMyData(input: $input) { errors { code } export { id readyAt link { url } } }
  }
`);

const deleteMeDocument = graphql(`
  mutation DeleteMe($input: DeleteMeInput!) {
    deleteMe(input: $input) {
      errors { code message path }
      deletedId
      receipts { kind subjectId rows objects completedAt }
    }
  }
`);

const deleteWorkspaceDocument = graphql(`
  mutation DeleteWorkspace($input: DeleteWorkspaceInput!) {
    deleteWorkspace(input: $input) { errors { code message path } deletedId receipt { kind rows } }
  }
`);

let house: House;
let runtime: Runtime;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  const env = envFrom({ OFFPRINT_HOME: house.home });
  const serviceKey = await mintServiceKey(await storageSecret(env));
  const storage = supabaseStorage({ url: `${house.url}/storage/v1`, serviceKey, maxUploadBytes: 1 });
  runtime = { env, log: openLog('silent'), database: house.database, storage };
});
afterAll(() => house[Symbol.asyncDispose]());

/** Somebody who is signed in to a workspace. */
async function person(user: string, workspace: string, role = 'owner') {
  const token = await house.keys.mint({ user, workspace, role });
  const { data } = await house.send(meDocument, {}, token);
  const userId = rowIdOf(data.viewer?.user.id ?? '');
  const workspaceId = rowIdOf(data.viewer?.workspaces.nodes[0]?.workspace.id ?? '');
  return { token, userId, workspaceId };
}

/** An upload with a bit of everything, an object in storage, and a run that waits for a worker. */
async function work(tenant: { userId: string; workspaceId: string }) {
  const uploadId = await seedUpload(house.database, tenant);
  const derived = await seedDerived(house.database, tenant, { uploadId });
  const runId = await seedRun(house.database, tenant, uploadId);
  const key = `${tenant.workspaceId}/${uploadId}/rendition/a.mp4`;
  await putObject(runtime.storage, { bucket: 'clips', key });
  return { uploadId, runId, derived };
}

/** Does all looks of erasures that wait in the queue, as if half a minute had passed. */
async function eraseAll(): Promise<void> {
  const later = new Date(Date.now() + 31_000);
  for (;;) {
    const { rows } = await house.database.pool.query<{ id: string; payload: unknown }>(
      `delete from graphile_worker._private_jobs where key like 'erase:%' returning id::text, payload`,
    );
    for (const { payload } of rows) await erase(runtime, payload, later);
    if (rows.length === 0) return;
  }
}

describe('deleting a workspace', () => {
  test('takes everything in it, of every tenant but this one nothing, and leaves a receipt', async () => {
    const grace = await person('grace', 'navy');
    const other = await person('alan', 'bletchley');
    const gone = await work(grace);
    const stays = await work(other);
    const objects = await objectsIn(runtime.storage, other.workspaceId);
    const input = { workspaceId: globalId('Workspace', grace.workspaceId), confirmSlug: 'navy' };
    const wrong = await house.send(deleteWorkspaceDocument, { input: { ...input, confirmSlug: 'army' } }, grace.token);
    expect(wrong.data.deleteWorkspace?.errors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'confirmSlug'] },
    ]);

    const { data } = await house.send(deleteWorkspaceDocument, { input }, grace.token);
    expect(data.deleteWorkspace).toMatchObject({
      errors: [],
      deletedId: input.workspaceId,
      receipt: { kind: 'WORKSPACE' },
    });
    await eraseAll();
    expect(await columnsNaming(house.database, [grace.workspaceId, gone.uploadId, gone.runId])).toEqual({
      'erasure_receipts.subject_id': 1,
    });
    expect(await objectsIn(runtime.storage, grace.workspaceId)).toEqual([]);
    expect(await objectsIn(runtime.storage, other.workspaceId)).toEqual(objects);
    expect(await house.database.prisma.run.count({ where: { id: stays.runId } })).toBe(1);
    expect(await house.database.prisma.erasureReceipt.findFirst({ where: { kind: 'WORKSPACE' } })).toMatchObject({
      workspaceId: null,
      objects: 1,
      bytes: 5n,
      completedAt: expect.any(Date),
    });
  });

  test('is for its owner', async () => {
    const owner = await person('owner', 'lab');
    const { token } = await person('admin', 'lab', 'admin');
    const input = { workspaceId: globalId('Workspace', owner.workspaceId), confirmSlug: 'lab' };
    const { data } = await house.send(deleteWorkspaceDocument, { input }, token);
    expect(data.deleteWorkspace?.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
  });
});

describe("a person's export", () => {
  test('holds what is here of the person, in one file behind a link of their own', async () => {
    const ida = await person('ida', 'poets');
    const { uploadId } = await work(ida);
    const asked = await house.send(exportDocument, { input: {} }, ida.token);
    expect(asked.data.exportMyData).toMatchObject({ errors: [], export: { readyAt: null, link: null } });
    const again = await house.send(exportDocument, { input: {} }, ida.token);
    expect(again.data.exportMyData?.export?.id).toBe(asked.data.exportMyData?.export?.id);

    const exportId = rowIdOf(asked.data.exportMyData?.export?.id ?? '');
    await using folder = await openFolder();
    for (let count = 0; count < 2; count += 1) {
      await makeExport({ ...runtime, folder: folder.path }, { exportId, workspaceIds: [ida.workspaceId] }, calm());
    }
    const { data } = await house.send(meDocument, {}, ida.token);
    expect(data.viewer?.exports).toHaveLength(1);
    const answer = await fetch(data.viewer?.exports[0]?.link?.url ?? '');
    expect(answer.headers.get('content-disposition')).toContain('offprint-data.json');
    const given = await answer.text();
    expect(given).toHaveLength(data.viewer?.exports[0]?.sizeBytes ?? 0);
    expect(JSON.parse(given)).toMatchObject({
      person: { displayName: 'ida' },
      memberships: [{ role: 'OWNER', workspace: { slug: 'poets' } }],
      uploads: [{ id: globalId('Upload', uploadId), fileName: 'talk.mp4' }],
      transcripts: [{ language: 'en', segments: [{ text: 'Hello there.', speaker: 'A', startMs: 0 }] }],
      transcriptEdits: [{ revision: 1, summary: '1 text changed' }],
      runs: [{ status: 'QUEUED' }],
    });
    expect(given).not.toContain('"storageKey"');
  });

  test('is asked for once by one idempotency key, though another is ready', async () => {
    const grace = await person('grace', 'compilers');
    const ask = async (idempotencyKey: string) => {
      const { data } = await house.send(exportDocument, { input: { again: true, idempotencyKey } }, grace.token);
      await house.database.prisma.dataExport.updateMany({
        where: { userId: grace.userId },
        data: { readyAt: new Date() },
      });
      expect(data.exportMyData?.errors).toEqual([]);
      return data.exportMyData?.export?.id;
    };
    const key = crypto.randomUUID();
    const first = await ask(key);
    expect(await ask(key)).toBe(first);
    expect(await ask(crypto.randomUUID())).not.toBe(first);
    expect(await house.database.prisma.dataExport.count({ where: { userId: grace.userId } })).toBe(2);
  });

  test('holds nothing that was said in workspaces that the session does not open', async () => {
    const joan = await person('joan', 'hut-8');
    await work(joan);
    const elsewhere = await person('joan', 'hut-6');
    const { data } = await house.send(exportDocument, { input: {} }, elsewhere.token);
    const { rows } = await house.database.pool.query<{ payload: object }>(
      `select payload from graphile_worker._private_jobs where key = $1`,
      [`export:${rowIdOf(data.exportMyData?.export?.id ?? '')}`],
    );
    await using folder = await openFolder();
    await makeExport({ ...runtime, folder: folder.path }, rows[0]?.payload, calm());
    const ready = await house.send(meDocument, {}, elsewhere.token);
    const given = await fetch(ready.data.viewer?.exports[0]?.link?.url ?? '');
    expect(await given.json()).toMatchObject({ uploads: [{ fileName: 'talk.mp4' }], transcripts: [] });
  });

  test.each(['upload', 'workspace'] as const)('goes with the %s that it tells of', async (which) => {
    const emmy = await person(`emmy-${which}`, `algebra-${which}`);
    const { uploadId } = await work(emmy);
    const key = `${emmy.userId}/${crypto.randomUUID()}.json`;
    const ready = { userId: emmy.userId, readyAt: new Date(), expiresAt: new Date(Date.now() + 60_000) };
    await house.database.prisma.dataExport.createMany({ data: [{ ...ready, storageKey: key }, ready] });
    await putObject(runtime.storage, { bucket: 'exports', key });
    if (which === 'upload') {
      const given = { ...nothingGiven, uploadId: globalId('Upload', uploadId) };
      await house.send(mutations.deleteUpload, given, emmy.token);
    } else {
      const input = { workspaceId: globalId('Workspace', emmy.workspaceId), confirmSlug: 'algebra-workspace' };
      await house.send(deleteWorkspaceDocument, { input }, emmy.token);
    }
    await eraseAll();
    expect(await house.database.prisma.dataExport.count({ where: { userId: emmy.userId } })).toBe(0);
    expect(await objectsIn(runtime.storage, emmy.userId)).toEqual([]);
  });

  test('goes with a recording of somebody else that the person corrected, and with no other', async () => {
    const sonya = await person('sonya', 'stockholm');
    const corrector = await person('corrector', 'stockholm', 'editor');
    const reader = await person('reader', 'stockholm', 'editor');
    const { uploadId, derived } = await work(sonya);
    const { prisma } = house.database;
    await prisma.transcriptEdit.update({
      where: { id: derived.TranscriptEdit },
      data: { authorId: corrector.userId },
    });
    const ready = { readyAt: new Date(), expiresAt: new Date(Date.now() + 60_000) };
    const users = [corrector.userId, reader.userId];
    await prisma.dataExport.createMany({ data: users.map((userId) => ({ ...ready, userId })) });
    const given = { ...nothingGiven, uploadId: globalId('Upload', uploadId) };
    await house.send(mutations.deleteUpload, given, sonya.token);
    const left = await prisma.dataExport.findMany({ where: { userId: { in: users } }, select: { userId: true } });
    expect(left).toEqual([{ userId: reader.userId }]);
  });

  test('is made again so often and no more', async () => {
    const mary = await person('mary', 'royal');
    const ready = { userId: mary.userId, readyAt: new Date(), expiresAt: new Date(Date.now() + 60_000) };
    await house.database.prisma.dataExport.createMany({ data: Array.from({ length: 5 }, () => ready) });
    const again = await house.send(exportDocument, { input: { again: true } }, mary.token);
    expect(again.data.exportMyData).toMatchObject({ errors: [{ code: 'INVALID_STATE' }], export: null });
    const standing = await house.send(exportDocument, { input: {} }, mary.token);
    expect(standing.data.exportMyData?.errors).toEqual([]);
    expect(await house.database.prisma.dataExport.count({ where: { userId: mary.userId } })).toBe(5);
  });
});

describe('deleting oneself', () => {
  const deleteMe = async (token: string, confirm = 'delete me') =>
    (await house.send(deleteMeDocument, { input: { confirm } }, token)).data.deleteMe;

  test('takes the own workspace, memberships, exports and the name on what stays with others', async () => {
    const ada = await person('rosalind', 'kings', 'editor');
    await person('maurice', 'kings', 'owner');
    const shared = await work(ada);
    const { externalId } = await house.database.prisma.user.findUniqueOrThrow({ where: { id: ada.userId } });
    const { id: own } = await house.database.prisma.workspace.create({
      data: { externalId: `user:${externalId}`, slug: 'personal-rosalind', name: 'Rosalind' },
    });
    await house.database.prisma.workspaceMembership.create({
      data: { workspaceId: own, userId: ada.userId, role: 'OWNER' },
    });
    const alone = await work({ userId: ada.userId, workspaceId: own });
    await putObject(runtime.storage, { bucket: 'exports', key: `${ada.userId}/${crypto.randomUUID()}.json` });

    expect((await deleteMe(ada.token, 'yes'))?.errors).toMatchObject([{ code: 'INVALID_INPUT' }]);
    expect(await deleteMe(ada.token)).toMatchObject({
      errors: [],
      deletedId: globalId('User', ada.userId),
      receipts: [{ kind: 'WORKSPACE' }, { kind: 'PERSON', subjectId: globalId('User', ada.userId) }],
    });
    await eraseAll();
    expect(await columnsNaming(house.database, [ada.userId, own, alone.uploadId])).toEqual({
      'erasure_receipts.subject_id': 2,
    });
    expect(await objectsIn(runtime.storage, own)).toEqual([]);
    expect(await objectsIn(runtime.storage, ada.userId)).toEqual([]);
    const { createdById } = await house.database.prisma.upload.findUniqueOrThrow({ where: { id: shared.uploadId } });
    expect(createdById, 'what was sent to others stays there').toBeNull();

    const back = await person('rosalind', 'kings', 'editor');
    expect(back.userId, 'the next sign-in is somebody new').not.toBe(ada.userId);
  });

  test('is refused while nobody else owns a workspace that others are in', async () => {
    const boss = await person('boss', 'company', 'owner');
    await person('clerk', 'company', 'editor');
    const refused = await deleteMe(boss.token);
    expect(refused?.errors).toMatchObject([{ code: 'CONFLICT', message: expect.stringContaining('company') }]);
    await person('heir', 'company', 'owner');
    expect((await deleteMe(boss.token))?.errors).toEqual([]);
  });
});
