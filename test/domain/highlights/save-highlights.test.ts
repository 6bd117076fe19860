import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '#base/database.ts';
import { sourceMs } from '#base/time.ts';
import { type BoundMoment, weighedMoments } from '#domain/highlights/chosen-moments.ts';
import { decidedHighlights } from '#domain/highlights/decided-highlights.ts';
import { saveHighlights } from '#domain/highlights/save-highlights.ts';
import { mediaFacts } from '#media/probe.ts';
import { openTestDatabase } from '../../support/database.ts';
import { seedRun, seedTenant, seedUpload, type Tenant } from '../../support/seed.ts';
import { talkLines } from '../../support/talk.ts';

const durationMs = sourceMs((talkLines.at(-1)?.endMs ?? 0) + 1_000);
const wanted = { count: 4, minDurationMs: 15_000, maxDurationMs: 60_000, topics: [] };

let database: Database & AsyncDisposable;
let tenant: Tenant;
let uploadId: string;

beforeAll(async () => {
  database = await openTestDatabase();
  tenant = await seedTenant(database, 'analytical');
});
beforeEach(async () => {
  uploadId = await seedUpload(database, tenant, { durationMs });
});
afterAll(() => database[Symbol.asyncDispose]());

/** What a run of the highlight stage does with the talk, between reading decisions and its commit. */
async function weigh(): Promise<{ weighed: BoundMoment[]; save: () => Promise<string[]> }> {
  const decided = await decidedHighlights(database.prisma, uploadId, wanted.count);
  const facts = mediaFacts.parse({ durationMs, container: 'wav', bitrate: null, video: null, audio: null });
  const recording = {
    id: uploadId,
    title: 'Talk',
    stored: { bucket: 'uploads', key: 'k', seekShare: undefined } as const,
    sha256: 'a',
    facts,
    silences: [],
    layout: [],
    changes: [],
  };
  const spoken = { transcriptId: 't', language: 'en', version: '1', lines: talkLines };
  const words = talkLines.map(({ startMs, endMs, text }) => ({ startMs, endMs, text }));
  const weighed = weighedMoments({ recording, spoken, words, wanted, proposals: null, decided, loudness: null });
  const run = { id: await seedRun(database, tenant, uploadId), workspaceId: tenant.workspaceId, uploadId };
  return {
    weighed,
    save: () => database.prisma.$transaction((tx) => saveHighlights(tx, run, { weighed, decided })),
  };
}

const rows = () => database.prisma.highlight.findMany({ where: { uploadId }, orderBy: { importance: 'desc' } });
const spanOf = ({ startMs, endMs }: { startMs: number; endMs: number }) => [startMs, endMs];

describe('a run', () => {
  test('writes what it chose as highlights, and all it weighed as moments with the reason', async () => {
    const { weighed, save } = await weigh();
    const ids = await save();
    expect((await rows()).map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(ids).toHaveLength(4);
    const moments = await database.prisma.moment.findMany({ where: { uploadId }, orderBy: { rank: 'asc' } });
    expect(moments).toHaveLength(weighed.length);
    expect(moments.filter(({ rejection }) => rejection === null)).toHaveLength(4);
    expect((await rows()).map(({ startReason }) => startReason)).toEqual(Array(4).fill('SENTENCE'));
    await (await weigh()).save();
    expect(await database.prisma.moment.count({ where: { uploadId } })).toBe(weighed.length);
  });

  test('keeps what a person accepted, renamed or re-bound, and chooses beside it', async () => {
    await (await weigh()).save();
    const [first, second] = await rows();
    const change = { title: 'Mine', revision: { increment: 1 } };
    await database.prisma.highlight.update({ where: { id: first?.id ?? '' }, data: { decision: 'ACCEPTED' } });
    await database.prisma.highlight.update({
      where: { id: second?.id ?? '' },
      data: { ...change, endMs: { decrement: 40 } },
    });
    const { weighed, save } = await weigh();
    expect(weighed.filter(({ moment }) => moment.rejection === null)).toHaveLength(2);
    const ids = await save();
    expect(ids).toEqual(expect.arrayContaining([first?.id, second?.id]));
    const after = await rows();
    expect(after).toHaveLength(4);
    expect(after.map(({ title }) => title)).toContain('Mine');
    expect(new Set(after.map(({ runId }) => runId)).size).toBe(1);
  });

  test('leaves a highlight that only a reel shows any more', async () => {
    await (await weigh()).save();
    const [first, second] = await rows();
    const { workspaceId } = tenant;
    const shown = { cuts: [[0, 1]], cutsHash: 'a', startMs: 0, endMs: 1 };
    const reel = { workspaceId, uploadId, origin: 'REEL' as const, title: 'Highlights', ...shown };
    const { id: clipId } = await database.prisma.clip.create({ data: reel });
    await database.prisma.reelHighlight.create({ data: { workspaceId, clipId, highlightId: second?.id ?? '' } });
    const { save } = await weigh();
    await database.prisma.highlight.updateMany({ where: { uploadId }, data: { endMs: { increment: 1 } } });
    await save();
    const left = (await rows()).map(({ id }) => id);
    expect(left).toContain(second?.id);
    expect(left).not.toContain(first?.id);
  });

  test('never proposes again what a person dismissed, and leaves it there as dismissed', async () => {
    await (await weigh()).save();
    const [first] = await rows();
    await database.prisma.highlight.update({ where: { id: first?.id ?? '' }, data: { decision: 'DISMISSED' } });
    const ids = await (await weigh()).save();
    expect(ids).not.toContain(first?.id);
    expect(ids).toHaveLength(4);
    const dismissed = (await rows()).filter(({ decision }) => decision === 'DISMISSED');
    expect(dismissed.map(({ id }) => id)).toEqual([first?.id]);
  });

  test('respects a decision that was made while it was at work', async () => {
    await (await weigh()).save();
    const [first, second] = await rows();
    const { save } = await weigh();
    await database.prisma.highlight.update({ where: { id: first?.id ?? '' }, data: { decision: 'DISMISSED' } });
    const renamed = { decision: 'ACCEPTED' as const, title: 'Mine', revision: 2 };
    await database.prisma.highlight.update({ where: { id: second?.id ?? '' }, data: renamed });
    const ids = await save();
    expect(ids).not.toContain(first?.id);
    expect(ids).toContain(second?.id);
    const after = await rows();
    expect(after.find(({ id }) => id === second?.id)).toMatchObject(renamed);
    expect(after.map(spanOf)).toContainEqual(spanOf(first ?? { startMs: 0, endMs: 0 }));
  });
});
