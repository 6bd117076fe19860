import { type Database, openDatabase } from '#base/database.ts';
import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { recordOf } from '#base/record.ts';
import { openFolder } from '#base/temp.ts';
import { stageNames } from '#pipeline/stages.ts';
import { openWaker } from '#pipeline/wake.ts';
import { extractiveLanguageModel } from '#providers/language-model.extractive.ts';
import { captionsSpeechToText } from '#providers/speech-to-text.captions.ts';
import type { StageRunner } from '#work/run-stage.ts';
import { openSources } from '#work/sources.ts';
import type { StageWork } from '#work/stage.ts';
import { openTestDatabase } from './database.ts';
import { ffmpegForTests } from './media.ts';
import { seedRun, seedTenant, seedUpload } from './seed.ts';
import { openEmbeddedServer } from './storage.ts';

/** The runner of a worker with a database of its own, for stages that a test makes up. */
export interface TestRunner extends AsyncDisposable {
  readonly database: Database;
  readonly runner: StageRunner;
  /** Where its stages work. */
  readonly folder: string;
  /** What a closing worker does. */
  readonly shutDown: () => void;
  /** Writes a run of one stage, ingest; gives the ids of both rows. */
  readonly seed: () => Promise<{ readonly runId: string; readonly stageRunId: string }>;
}

interface Through extends AsyncDisposable {
  readonly url: string;
}

/**
 * Opens the runner; the stages that follow a made up one have nothing to do. `through` puts something between the worker
 * and the database.
 */
export async function openTestRunner(through?: (url: string) => Promise<Through>): Promise<TestRunner> {
  await using cleanup = new AsyncDisposableStack();
  const direct = cleanup.use(await openTestDatabase());
  // Heard by nobody, but kept with an attempt that fails.
  const log = openLog('info', { write: () => {} });
  const line = through && cleanup.use(await through(direct.url));
  const database = line ? cleanup.use(openDatabase(line.url, log, { max: 8 })) : direct;
  const folder = cleanup.use(await openFolder());
  const { storage } = cleanup.use(await openEmbeddedServer());
  const wake = cleanup.use(openWaker(database.pool, log));
  const ffmpeg = await ffmpegForTests();
  const shutdown = new AbortController();
  const worker = {
    env: envFrom({ RETRY_BASE_MS: '100', WORKER_SILENT_MS: '3000' }),
    log,
    database,
    wake,
    storage,
    ffmpeg,
    sources: cleanup.use(await openSources(storage, folder.file('sources'))),
    folder: folder.path,
    speechToText: captionsSpeechToText({ ffmpeg }),
    languageModel: extractiveLanguageModel(),
  };
  const works = recordOf(stageNames, (stage): StageWork => ({ stage, work: async () => async () => [] }));
  const tenant = await seedTenant(direct, 'analytical');
  const kept = cleanup.move();
  return {
    database: direct,
    runner: { worker, works, workerId: 'worker-1', shutdown: shutdown.signal },
    folder: folder.path,
    shutDown: () => shutdown.abort(),
    seed: async () => {
      const runId = await seedRun(direct, tenant, await seedUpload(direct, tenant, { status: 'VERIFYING' }));
      const { id } = await direct.prisma.stageRun.findFirstOrThrow({ where: { runId }, select: { id: true } });
      return { runId, stageRunId: id };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
