import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { recordOf } from '#base/record.ts';
import { wordsOf } from '#domain/transcripts/words.ts';
import { probeOnly } from '#pipeline/recipe.ts';
import { type StageName, stageNames } from '#pipeline/stages.ts';
import { insertRun } from '#pipeline/start-run.ts';
import { openaiLanguageModel } from '#providers/language-model.openai.ts';
import { openaiSpeechToText } from '#providers/speech-to-text.openai.ts';
import { stageTasks } from '#tasks/index.ts';
import { takeLease } from '#work/lease.ts';
import { openModelCalls } from '#work/model-calls.ts';
import { runStage, type StageRunner } from '#work/run-stage.ts';
import { promptLines } from '../support/model-answers.ts';
import { type OpenaiServer, openOpenaiServer } from '../support/openai-server.ts';
import type { SeenRequest } from '../support/openai-wire.ts';
import { seedUpload, tenantOf } from '../support/seed.ts';
import { openTestRunner, type TestRunner } from '../support/stage-runner.ts';
import { linesFrom } from '../support/talk.ts';
import { listen, spoken, writeTones } from '../support/tones.ts';

/** Four stretches of speech, far enough apart to be sent as four chunks. */
const tones = [
  ...spoken(500, 'alpha bravo charlie delta echo foxtrot'),
  ...spoken(6500, 'golf hotel india juliett kilo lima'),
  ...spoken(12_500, 'mike november oscar papa alpha bravo'),
  ...spoken(18_500, 'charlie delta echo foxtrot golf hotel'),
];
const durationMs = 24_000;
const third = 'chunk-002.flac';

describe('a retry', () => {
  let bench: TestRunner;
  let server: OpenaiServer;
  /** What the server does before it hears a chunk. */
  let before: (chunk: string) => Promise<void>;

  beforeEach(async () => {
    bench = await openTestRunner();
    server = await openOpenaiServer({ transcription: hear });
    before = async () => {};
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await bench[Symbol.asyncDispose]();
  });

  test('of a transcription sends only the chunk that failed', async () => {
    const upload = await uploadTones();
    const runId = await startRun(upload);
    before = fails(third);
    await runNext(runId, 'transcribe');
    expect(await statusOf(runId, 'transcribe')).toBe('WAITING');
    expect(sent()).toEqual({ 'chunk-000.flac': 1, 'chunk-001.flac': 1, [third]: 3, 'chunk-003.flac': 1 });
    before = async () => {};
    await bench.database.prisma.stageRun.updateMany({ where: { runId }, data: { nextAttemptAt: new Date(0) } });
    await runNext(runId, 'transcribe');
    expect(sent()).toEqual({ 'chunk-000.flac': 1, 'chunk-001.flac': 1, [third]: 4, 'chunk-003.flac': 1 });
    expect(await saidIn(upload)).toEqual(tones.map(({ word }) => word));
  });

  test('in another run, after a failure for good, sends only that chunk, too', async () => {
    const upload = await uploadTones();
    const failed = await startRun(upload);
    const { prisma } = bench.database;
    await prisma.stageRun.updateMany({ where: { runId: failed, stage: 'transcribe' }, data: { maxAttempts: 1 } });
    before = fails(third);
    await runNext(failed, 'transcribe');
    expect(await prisma.run.findUniqueOrThrow({ where: { id: failed } })).toMatchObject({ status: 'FAILED' });
    before = async () => {};
    await runNext(await startRun(upload), 'transcribe');
    expect(sent()).toEqual({ 'chunk-000.flac': 1, 'chunk-001.flac': 1, [third]: 4, 'chunk-003.flac': 1 });
    expect(await saidIn(upload)).toEqual(tones.map(({ word }) => word));
  });

  test('by another worker sends only what the lost one had no answer to, and the lost one changes nothing', async () => {
    const { prisma } = bench.database;
    const upload = await uploadTones();
    const runId = await startRun(upload);
    const hanging = Promise.withResolvers<void>();
    before = async (chunk) => (chunk === third && sent()[third] === 1 ? hanging.promise : undefined);
    const lost = runNext(runId, 'transcribe');
    await vi.waitFor(async () => expect(await prisma.modelCall.count()).toBe(3), { timeout: 10_000 });
    const silent = { runId, stage: 'transcribe', status: 'RUNNING' as const };
    await prisma.stageRun.updateMany({ where: silent, data: { status: 'QUEUED', attemptToken: null, workerId: null } });
    await runNext(runId, 'transcribe', 'worker-2');
    expect(sent()).toEqual({ 'chunk-000.flac': 1, 'chunk-001.flac': 1, [third]: 2, 'chunk-003.flac': 1 });
    const answers = await prisma.modelCall.findMany({ orderBy: { id: 'asc' } });
    hanging.resolve();
    await lost;
    expect(await prisma.modelCall.findMany({ orderBy: { id: 'asc' } })).toEqual(answers);
    expect(await statusOf(runId, 'transcribe')).toBe('SUCCEEDED');
    expect(await saidIn(upload)).toEqual(tones.map(({ word }) => word));
  });

  test('of the choice of highlights asks only about the part that failed', async () => {
    const asked: number[] = [];
    let broken = true;
    server.answers.completion = ({ prompt }) => {
      const [first] = promptLines(prompt);
      asked.push(first?.id ?? 0);
      if (broken && first?.id !== 1) throw new Error('overloaded');
      return { moments: [], subjects: [] };
    };
    const { baseURL, apiKey } = server;
    const model = openaiLanguageModel({ baseURL, apiKey, model: 'm', wait: async () => {} });
    const sentences = Array.from({ length: 600 }, (_, at) => `The number ${at} is what this long sentence is about.`);
    const propose = async () =>
      model.propose(linesFrom(sentences), { signal: new AbortController().signal, calls: await attemptCalls() });
    await expect(propose()).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    broken = false;
    expect(await propose()).toEqual({ moments: [], subjects: [] });
    const [, second = 0, ...rest] = asked;
    expect(second).toBeGreaterThan(1);
    expect(rest.slice(0, 2)).toEqual([second, second]);
    expect(rest.slice(2)).not.toContain(second);
    expect(asked.filter((line) => line === 1)).toHaveLength(1);
  });

  async function attemptCalls() {
    const { stageRunId } = await bench.seed();
    const lease = await takeLease(bench.runner.worker, stageRunId, 'worker-1');
    if (!lease) throw new Error('the lease was not free');
    return openModelCalls(bench.runner.worker, lease);
  }

  /** Puts the recording into storage as an upload that is to be verified. */
  async function uploadTones(): Promise<string> {
    const { storage } = bench.runner.worker;
    const file = `${bench.folder}/tones.wav`;
    await writeTones(file, tones, durationMs);
    const tenant = await tenantOf(bench.database, 'analytical');
    const storageKey = `${tenant.workspaceId}/${randomUUID()}/source/tones.wav`;
    const contentType = 'audio/wav';
    await storage.putFile({ bucket: 'uploads', key: storageKey }, file, { contentType });
    const announcedBytes = (await readFile(file)).length;
    return seedUpload(bench.database, tenant, { status: 'VERIFYING', storageKey, contentType, announcedBytes });
  }

  /** Starts a run that transcribes, and ends its first stage. */
  async function startRun(uploadId: string): Promise<string> {
    const { workspaceId, userId } = await tenantOf(bench.database, 'analytical');
    const id = randomUUID();
    const recipe = { ...probeOnly, transcript: true };
    await bench.database.prisma.$transaction((tx) =>
      insertRun(tx, { id, workspaceId, uploadId, recipe, createdById: userId }),
    );
    await runNext(id, 'ingest');
    return id;
  }

  async function runNext(runId: string, stage: StageName, workerId = 'worker-1'): Promise<void> {
    const { id } = await bench.database.prisma.stageRun.findFirstOrThrow({ where: { runId, stage } });
    await runStage(runnerOf(workerId), stageTasks[stage].work, id);
  }

  /** A worker that sends chunks of at most six seconds. */
  function runnerOf(workerId: string): StageRunner {
    const { worker } = bench.runner;
    const { baseURL, apiKey } = server;
    const { ffmpeg, log } = worker;
    const wait = async () => {};
    const speechToText = openaiSpeechToText({ baseURL, apiKey, model: 'whisper-1', ffmpeg, log, wait, chunkMs: 6000 });
    const works = recordOf(stageNames, (stage) => stageTasks[stage].work);
    return { ...bench.runner, works, workerId, worker: { ...worker, speechToText } };
  }

  const fails = (broken: string) => async (chunk: string) => {
    if (chunk === broken) throw new Error('overloaded');
  };

  async function hear({ file }: SeenRequest) {
    const name = file?.name ?? '';
    await before(name);
    const arrived = `${bench.folder}/${randomUUID()}-${name}`;
    await writeFile(arrived, file?.bytes ?? '');
    const heard = await listen(arrived, bench.runner.worker.ffmpeg.tools.ffmpeg);
    const words = heard.map(({ word, startMs, endMs }) => ({ word, start: startMs / 1000, end: endMs / 1000 }));
    return { language: 'english', words };
  }

  /** How often each chunk was sent. */
  function sent(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { file } of server.requests) counts[file?.name ?? ''] = (counts[file?.name ?? ''] ?? 0) + 1;
    return counts;
  }

  async function statusOf(runId: string, stage: StageName): Promise<string> {
    return (await bench.database.prisma.stageRun.findFirstOrThrow({ where: { runId, stage } })).status;
  }

  async function saidIn(uploadId: string): Promise<string[]> {
    const segments = await bench.database.prisma.transcriptSegment.findMany({
      where: { transcript: { uploadId } },
      orderBy: { position: 'asc' },
    });
    return segments.flatMap(({ words }) => wordsOf(words).map(({ text }) => text));
  }
});
