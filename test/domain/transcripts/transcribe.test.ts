import { expect, test } from 'vitest';
import { knownTranscript, transcribeKey } from '#domain/transcripts/transcribe.ts';
import { openTestDatabase } from '../../support/database.ts';
import { seedTalk } from '../../support/edited-talk.ts';
import { seedTenant } from '../../support/seed.ts';

const decides = { source: 'a'.repeat(64), version: 'openai:m:1', language: null, sidecar: null, fresh: null };

test.each([
  ['recording', { source: 'b'.repeat(64) }],
  ['recogniser', { version: 'openai:m:2' }],
  ['language', { language: 'de' }],
  ['caption file', { sidecar: { format: 'SRT' as const, language: null, text: '1' } }],
])('another %s makes another transcript', (_what, change) => {
  expect(transcribeKey({ ...decides, ...change })).not.toBe(transcribeKey(decides));
});

test('a transcript asked for again is not the usual one, but is found where the usual one is looked for', () => {
  const usual = transcribeKey(decides);
  const again = transcribeKey({ ...decides, fresh: crypto.randomUUID() });
  expect(again).not.toBe(transcribeKey({ ...decides, fresh: crypto.randomUUID() }));
  expect(again.startsWith(usual)).toBe(true);
  expect(usual.startsWith(again)).toBe(false);
});

test('a transcript that somebody corrected stands for every recogniser and language, until somebody asks again', async () => {
  await using database = await openTestDatabase();
  const { prisma } = database;
  const tenant = await seedTenant(database, 'ada');
  const { uploadId, transcriptId } = await seedTalk(database, tenant);
  const asked = { uploadId, key: transcribeKey(decides), fresh: null };
  expect(await knownTranscript(prisma, asked), 'one that nobody corrected is made anew').toBeNull();
  await prisma.transcriptEdit.create({
    data: {
      workspaceId: tenant.workspaceId,
      transcriptId,
      revision: 2,
      summary: '1 text changed',
      operations: [],
      before: {},
      after: {},
      authorId: tenant.userId,
    },
  });
  expect(await knownTranscript(prisma, asked)).toEqual({ id: transcriptId });
  const fresh = crypto.randomUUID();
  const again = { uploadId, key: transcribeKey({ ...decides, fresh }), fresh };
  expect(await knownTranscript(prisma, again)).toBeNull();
});
