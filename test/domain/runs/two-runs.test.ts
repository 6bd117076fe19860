import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordOf } from '#base/record.ts';
import { probeOnly, type Recipe } from '#pipeline/recipe.ts';
import { type StageName, stageNames } from '#pipeline/stages.ts';
import { insertRun } from '#pipeline/start-run.ts';
import { stageTasks } from '#tasks/index.ts';
import { runStage, type StageRunner } from '#work/run-stage.ts';
import type { StageWork, StageWorks } from '#work/stage.ts';
import { seedUpload, tenantOf } from '../../support/seed.ts';
import { openTestRunner, type TestRunner } from '../../support/stage-runner.ts';
import { gate, untilWaiting } from '../../support/steps.ts';
import { spoken, writeTones } from '../../support/tones.ts';

// Two runs over one recording, stepped: both have done their work before either commits.

const durationMs = 60_000;
const sentences = [
  'The harbour was built in nineteen hundred and six by hand.',
  'Why would anybody build a harbour without a single machine?',
  'Because the stone was soft, and every ship was made of wood.',
  'The first storm took half of the wall in a single night.',
  'So they built it again, and this time they counted the waves.',
  'Nobody had ever counted the waves of that bay before them.',
];
const captions = sentences.map(
  (text, at) => `${at + 1}\n00:00:${two(at * 9)},000 --> 00:00:${two(at * 9 + 8)},000\n${text}\n`,
);
function two(seconds: number): string {
  return String(seconds).padStart(2, '0');
}

const wishes: Partial<Recipe> = {
  transcript: true,
  contents: [{ kind: 'LINKEDIN', language: null, tone: null, maxLength: null }],
};
const highlights = { count: 3, minDurationMs: 5_000, maxDurationMs: 20_000, topics: [] };
const clips = {
  presets: ['AUDIO_ONLY' as const],
  captionStyle: 'SIDECAR' as const,
  removeSilences: false,
  safeArea: 'EVERYWHERE' as const,
  removeFillers: false,
  reel: false,
};

const works: StageWorks = recordOf(stageNames, (stage) => stageTasks[stage].work);
let bench: TestRunner;
let uploadId: string;
beforeAll(async () => {
  bench = await openTestRunner();
  const { database, runner } = bench;
  const tenant = await tenantOf(database, 'analytical');
  const file = `${bench.folder}/talk.wav`;
  await writeTones(file, spoken(500, 'alpha bravo charlie'), durationMs);
  const storageKey = `${tenant.workspaceId}/${randomUUID()}/source/talk.wav`;
  await runner.worker.storage.putFile({ bucket: 'uploads', key: storageKey }, file, { contentType: 'audio/wav' });
  const announcedBytes = (await readFile(file)).length;
  const status = 'VERIFYING';
  uploadId = await seedUpload(database, tenant, { status, storageKey, contentType: 'audio/wav', announcedBytes });
  const { workspaceId } = tenant;
  const text = captions.join('\n');
  await database.prisma.captionSidecar.create({
    data: { uploadId, workspaceId, format: 'SRT', language: 'en', text },
  });
});
afterAll(() => bench[Symbol.asyncDispose]());

async function start(more: Partial<Recipe> = {}): Promise<string> {
  const { workspaceId, userId: createdById } = await tenantOf(bench.database, 'analytical');
  const id = randomUUID();
  const recipe = { ...probeOnly, ...wishes, ...more };
  await bench.database.prisma.$transaction((tx) => insertRun(tx, { id, workspaceId, uploadId, recipe, createdById }));
  return id;
}

async function step(runId: string, stage: StageName, more: Partial<StageRunner & { work: StageWork['work'] }> = {}) {
  const { id } = await bench.database.prisma.stageRun.findFirstOrThrow({ where: { runId, stage } });
  const { work, ...runner } = more;
  await runStage({ ...bench.runner, works, ...runner }, { ...works[stage], ...(work && { work }) }, id);
  expect(await bench.database.prisma.stageRun.findUniqueOrThrow({ where: { id } })).toMatchObject({
    failure: null,
    status: 'SUCCEEDED',
  });
}

/** Both work, then the first commits, then the second. */
async function both(runIds: readonly [string, string], stage: StageName): Promise<void> {
  const [first, second] = [gate(), gate()];
  const held =
    (at: typeof first): StageWork['work'] =>
    async (context) => {
      const commit = await works[stage].work(context);
      await at.pass();
      return commit;
    };
  const ending = [step(runIds[0], stage, { work: held(first) }), step(runIds[1], stage, { work: held(second) })];
  await Promise.all([first.reached, second.reached]);
  first.open();
  await ending[0];
  second.open();
  await ending[1];
}

test('two runs that work on one recording at once make, tell and charge everything once', async () => {
  const { prisma } = bench.database;
  const runIds = [await start(), await start()] as const;
  await both(runIds, 'ingest');
  expect(await prisma.workspaceActivity.count({ where: { kind: 'UPLOAD_READY', subjectId: uploadId } })).toBe(1);

  await both(runIds, 'transcribe');
  expect(await prisma.transcript.findMany({ where: { uploadId } })).toMatchObject([{ revision: 1 }]);
  expect(await prisma.usageEntry.count({ where: { uploadId, unit: 'AUDIO_MS' } })).toBe(1);

  await both(runIds, 'write');
  expect(await prisma.contentVersion.findMany({ where: { content: { uploadId } } })).toMatchObject([{ number: 1 }]);
  expect(await prisma.run.findMany({ where: { uploadId }, select: { status: true } })).toEqual([
    { status: 'SUCCEEDED' },
    { status: 'SUCCEEDED' },
  ]);
});

test('a run that chooses other highlights does not take those whose clips are just being laid out', async () => {
  const { prisma } = bench.database;
  const before = await start({ highlights, contents: [] });
  const [laying, choosing] = [
    await start({ highlights, clips, contents: [] }),
    await start({ highlights: { ...highlights, count: 1 }, contents: [] }),
  ];
  for (const runId of [before, laying, choosing]) {
    await step(runId, 'ingest');
    await step(runId, 'transcribe');
  }
  await step(before, 'highlight');
  const laidOut = gate();
  const fanOut: StageWork['fanOut'] = async (...given) => {
    await works.cut.fanOut?.(...given);
    await laidOut.pass();
  };
  const first = step(laying, 'highlight', { works: { ...works, cut: { ...works.cut, fanOut } } });
  await laidOut.reached;
  const second = step(choosing, 'highlight');
  await untilWaiting(bench.database, '');
  laidOut.open();
  await Promise.all([first, second]);
  const cut = await prisma.clip.findMany({ where: { uploadId }, select: { highlightId: true } });
  expect(cut.length).toBeGreaterThan(1);
  expect(cut.filter(({ highlightId }) => highlightId === null)).toEqual([]);
});
