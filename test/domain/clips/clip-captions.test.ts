import { expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { clipMs } from '#base/time.ts';
import { saveCaptions } from '#domain/clips/clip-captions.ts';
import { captionTexts } from '#domain/transcripts/caption-texts.ts';
import { openTestDatabase } from '../../support/database.ts';
import { seedTalk } from '../../support/edited-talk.ts';
import { seedTenant } from '../../support/seed.ts';

/** Caption files of a clip's first revision, about to be written. */
async function made(database: Database) {
  const tenant = await seedTenant(database, 'ada');
  const { clipId, uploadId, transcriptId } = await seedTalk(database, tenant);
  const { workspaceId } = tenant;
  const facts = { bucket: 'subtitles', contentType: 'text/vtt', sizeBytes: 10, sha256: 'c'.repeat(64) };
  const { id } = await database.prisma.artifact.create({
    data: { workspaceId, uploadId, ...facts, artifactKey: crypto.randomUUID(), storageKey: crypto.randomUUID() },
  });
  const files = captionTexts([], 'en').map(({ format, report }) => ({ format, report, made: { id } }));
  const words = [{ text: 'We', startMs: clipMs(0), endMs: clipMs(200) }];
  return { order: { workspaceId, clipId, transcriptId, language: 'en', revision: 1, words }, files };
}

const orders = ({ prisma }: Database): Promise<unknown[]> =>
  prisma.$queryRaw`select key from graphile_worker.jobs where task_identifier = 'captions'`;

test('captions of a clip as it is are its captions', async () => {
  await using database = await openTestDatabase();
  const { order, files } = await made(database);
  await database.prisma.$transaction((tx) => saveCaptions(tx, order, files));
  expect(await database.prisma.captionFile.count({ where: { clipId: order.clipId } })).toBe(files.length);
  expect(await orders(database)).toEqual([]);
});

test('captions of a clip as it was before somebody changed it are not taken, but made again', async () => {
  await using database = await openTestDatabase();
  const { order, files } = await made(database);
  await database.prisma.clip.update({ where: { id: order.clipId }, data: { revision: 2 } });
  await database.prisma.$transaction((tx) => saveCaptions(tx, order, files));
  expect(await database.prisma.captionFile.count({ where: { clipId: order.clipId } })).toBe(0);
  expect(await orders(database)).toEqual([{ key: `captions:${order.transcriptId}` }]);
});

test('a clip in which nothing is said any more has no captions of what was', async () => {
  await using database = await openTestDatabase();
  const { order, files } = await made(database);
  const save = (now: typeof order, made: typeof files) =>
    database.prisma.$transaction((tx) => saveCaptions(tx, now, made));
  const count = () => database.prisma.captionFile.count({ where: { clipId: order.clipId } });
  await save(order, files);
  await save(order, []);
  expect(await count(), 'a shape without captions takes none from the others').toBe(files.length);
  await save({ ...order, words: [], revision: 2 }, []);
  expect(await count(), 'what was read of another revision says nothing of this one').toBe(files.length);
  await save({ ...order, words: [] }, []);
  expect(await count()).toBe(0);
});
