import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Logger, type Runner, run, type TaskList } from 'graphile-worker';
import { openDatabase } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import type { Log } from '#base/log.ts';
import { recordOf } from '#base/record.ts';
import { migrate } from '#embedded/migrations.ts';
import { openPostgres } from '#embedded/postgres.ts';
import { mintServiceKey } from '#embedded/storage/tokens.ts';
import { storageSecret } from '#embedded/storage-secret.ts';
import { openFfmpeg } from '#media/ffmpeg.ts';
import { findTools } from '#media/tools.ts';
import { reclaimSilent } from '#pipeline/lease.ts';
import type { StageRunner } from '#pipeline/run-stage.ts';
import { openSources } from '#pipeline/sources.ts';
import type { StageWorks } from '#pipeline/stage.ts';
import { type StageName, stageNames, stages } from '#pipeline/stages.ts';
import { openWaker } from '#pipeline/wake.ts';
import { openWorkFolder } from '#pipeline/work-folder.ts';
import type { Worker } from '#pipeline/worker.ts';
import { type Ground, runProcess } from '#process.ts';
import { workProvidersFrom } from '#providers/providers.ts';
import { storageFrom } from '#runtime.ts';
import { chores, stageTasks } from '#tasks/index.ts';

/**
 * Opens a worker: tools, providers, and one runner for each class of concurrency, so that waiting for an outside
 * service never takes an encoder's place. Closing it hands every stage in hand back to the queue at once.
 */
export async function openWorker({ env, log }: Ground): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await openPostgres(env, log));
  await migrate(postgres.url, log);
  const encoders = env.FFMPEG_CONCURRENCY ?? Math.max(1, availableParallelism() - 1);
  const slots = { media: encoders, provider: env.PROVIDER_CONCURRENCY };
  const database = stack.use(openDatabase(postgres.url, log, { max: slots.media + slots.provider + 8 }));
  const wake = stack.use(openWaker(database.pool, log));
  const storage = await storageOf(env);
  const ffmpeg = openFfmpeg(await findTools(env, log), { concurrency: encoders, log });
  const folder = stack.use(await openWorkFolder(env.workDir ?? path.join(env.home, 'work')));
  const { workerId } = folder;
  const sources = stack.use(await openSources(storage, folder.file('sources')));
  const worker: Worker = {
    env,
    log,
    database,
    wake,
    storage,
    ffmpeg,
    sources,
    folder: folder.path,
    ...workProvidersFrom(env, { ffmpeg, log }),
  };
  const shutdown = new AbortController();
  const runner: StageRunner = { worker, works, workerId, shutdown: shutdown.signal };
  const runners = await Promise.all(
    (['media', 'provider'] as const).map((concurrency) =>
      openRunner(runner, { concurrency, slots: slots[concurrency] }),
    ),
  );
  const reclaiming = keepReclaiming(worker, log);
  const open = stack.move();
  log.info({ workerId, ...slots, ffmpeg: ffmpeg.tools.version }, 'worker waits for jobs');
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(reclaiming);
      shutdown.abort();
      await Promise.all(runners.map((running) => running.stop()));
      await open.disposeAsync();
    },
  };
}

const works: StageWorks = recordOf(stageNames, (name) => stageTasks[name].work);

async function storageOf(env: Env) {
  const serverUrl = env.STORAGE_URL ?? env.PUBLIC_URL ?? `http://127.0.0.1:${env.PORT}`;
  const serviceKey = env.SUPABASE_URL ? undefined : await mintServiceKey(await storageSecret(env));
  return storageFrom(env, { serverUrl, publicUrl: env.PUBLIC_URL ?? serverUrl, serviceKey });
}

/**
 * The two batch delays are mandatory: without them a job's completion is sent without being awaited, and a shutdown
 * loses it (6 of 6 runs left the job and its row locked for four hours; with them 0 of 6).
 */
async function openRunner(
  runner: StageRunner,
  part: { concurrency: 'media' | 'provider'; slots: number },
): Promise<Runner> {
  const names = stageNames.filter((name: StageName) => stages[name].concurrency === part.concurrency);
  const stageList: TaskList = Object.fromEntries(names.map((name) => [name, stageTasks[name].task(runner)]));
  const taskList = part.concurrency === 'provider' ? { ...stageList, ...choreList(runner) } : stageList;
  return run({
    pgPool: runner.worker.database.pool,
    concurrency: part.slots,
    noHandleSignals: true,
    crontab: part.concurrency === 'provider' ? crontab : '',
    taskList,
    logger: new Logger(() => (level, message) => {
      runner.worker.log[level === 'error' ? 'error' : level === 'warning' ? 'warn' : 'debug'](
        { queue: part.concurrency },
        message,
      );
    }),
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  });
}

/** Chores wait for others more than they compute, so they share the places of providers. */
const choreList = ({ worker, shutdown }: StageRunner): TaskList =>
  Object.fromEntries(chores.map((chore) => [chore.name, (payload) => chore.run(worker, payload, shutdown)]));

const crontab = chores.flatMap(({ name, cron }) => (cron ? [`${cron} ${name}`] : [])).join('\n');

function keepReclaiming(worker: Worker, log: Log): NodeJS.Timeout {
  const look = () =>
    reclaimSilent(worker, log).catch((error: unknown) => log.warn({ err: error }, 'silent stages not looked for'));
  return setInterval(() => void look(), worker.env.WORKER_SILENT_MS / 3);
}

if (import.meta.main) await runProcess(openWorker);
