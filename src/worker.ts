import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TaskList } from 'graphile-worker';
import { openDatabase } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import type { Log } from '#base/log.ts';
import { recordOf } from '#base/record.ts';
import { openRepeat } from '#base/repeat.ts';
import { certificateFrom } from '#embedded/certificate.ts';
import { migrate } from '#embedded/migrations.ts';
import { openPostgres } from '#embedded/postgres.ts';
import { mintServiceKey } from '#embedded/storage/tokens.ts';
import { storageSecret } from '#embedded/storage-secret.ts';
import { openFfmpeg } from '#media/ffmpeg.ts';
import { findTools } from '#media/tools.ts';
import { untried } from '#pipeline/queue.ts';
import { recipeVersion } from '#pipeline/recipe.ts';
import { type StageName, stageNames, stages } from '#pipeline/stages.ts';
import { openWaker } from '#pipeline/wake.ts';
import { type Ground, runProcess } from '#process.ts';
import { workProvidersFrom } from '#providers/providers.ts';
import { storageFrom } from '#runtime.ts';
import { chores, stageTasks } from '#tasks/index.ts';
import { runChore } from './work/chore.ts';
import { openQueueRunner, type QueueRunner } from './work/queue-runner.ts';
import { reclaimSilent } from './work/reclaim.ts';
import type { StageRunner } from './work/run-stage.ts';
import { openSources } from './work/sources.ts';
import type { StageWorks } from './work/stage.ts';
import { openWorkFolder } from './work/work-folder.ts';
import type { Worker } from './work/worker.ts';
import { type Heartbeat, openHeartbeat } from './work/worker-heartbeat.ts';

/**
 * Opens a worker: tools, providers, and one runner for each class of concurrency, so that waiting for an outside
 * service never takes an encoder's place, and a stranger's server none of a stage's. Closing it hands every stage in
 * hand back to the queue at once.
 */
export async function openWorker({ env, log }: Ground): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await openPostgres(env, log));
  await migrate(postgres.url, log);
  const encoders = env.FFMPEG_CONCURRENCY ?? Math.max(1, availableParallelism() - 1);
  const slots = { media: encoders, begun: 4 * encoders, provider: env.PROVIDER_CONCURRENCY, apart: 8 };
  const max = slots.media + slots.begun + slots.provider + 12;
  const database = stack.use(openDatabase(postgres.url, log, { max }));
  const wake = stack.use(openWaker(database.pool, log));
  const storage = await storageOf(env, log);
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
  const runners: QueueRunner[] = [];
  const queueIds = () => runners.flatMap(({ poolIds }) => [...poolIds]);
  const heartbeat = stack.use(await openHeartbeat(worker, { workerId, queueIds, facts: factsOf(worker) }));
  stack.defer(async () => {
    shutdown.abort();
    await Promise.all(runners.map((running) => running.stop()));
  });
  for (const part of parts) runners.push(await openRunner(runner, part, slots[part]));
  stack.use(keepReclaiming(worker, heartbeat));
  const open = stack.move();
  log.info({ workerId, ...slots, ffmpeg: ffmpeg.tools.version }, 'worker waits for jobs');
  return { [Symbol.asyncDispose]: () => within(closingMs, open.disposeAsync(), log) };
}

/** Stages in hand are given back in at most seven seconds; what still hangs then must not keep a deploy waiting. */
const closingMs = 9_000;

async function within(limitMs: number, closing: Promise<void>, log: Log): Promise<void> {
  const late = wait(limitMs, true, { ref: false });
  const isLate = await Promise.race([closing.then(() => false), late]);
  if (isLate) log.error('the worker could not close in time; what it held is taken over by others');
}

const works: StageWorks = recordOf(stageNames, (name) => stageTasks[name].work);

async function storageOf(env: Env, log: Log) {
  // An API of this machine may answer with a certificate of its own.
  await certificateFrom(env);
  const serverUrl = env.STORAGE_URL ?? env.PUBLIC_URL ?? `${env.https ? 'https' : 'http'}://127.0.0.1:${env.PORT}`;
  const serviceKey = env.SUPABASE_URL ? undefined : await mintServiceKey(await storageSecret(env));
  return storageFrom(env, { serverUrl, publicUrl: env.PUBLIC_URL ?? serverUrl, serviceKey }, log);
}

/**
 * `begun` takes media stages that lost their worker, beside those of `media`: ffmpeg's own gate bounds the encodes, so
 * that such a stage is back in somebody's hands at once, and has its recording there when an encoder is free.
 */
const parts = ['media', 'begun', 'provider', 'apart'] as const;
type Part = (typeof parts)[number];

async function openRunner(runner: StageRunner, part: Part, slots: number): Promise<QueueRunner> {
  const { database, log } = runner.worker;
  const begun = part === 'begun';
  const names = stageNames.filter((name: StageName) => stages[name].concurrency === (begun ? 'media' : part));
  const stageList: TaskList = Object.fromEntries(names.map((name) => [name, stageTasks[name].task(runner)]));
  const taskList = { ...stageList, ...choreList(runner, part) };
  const lines = part === 'provider' ? crontab : '';
  const forbiddenFlags = begun ? { forbiddenFlags: [untried] } : {};
  return openQueueRunner(database.pool, { name: part, slots, taskList, crontab: lines, ...forbiddenFlags }, log);
}

/** Chores wait for others more than they compute, so they share the places of providers, unless they must be apart. */
function choreList({ worker, shutdown }: StageRunner, part: Part): TaskList {
  const own = chores.filter(({ apart }) => part === (apart ? 'apart' : 'provider'));
  return Object.fromEntries(
    own.map((chore) => [chore.name, (payload) => runChore(worker, chore, { payload, signal: shutdown })]),
  );
}

const crontab = chores.flatMap(({ name, cron }) => (cron ? [`${cron} ${name}`] : [])).join('\n');

/** What this worker answers with. */
const factsOf = (worker: Worker) => ({
  speechToText: worker.speechToText.version,
  languageModel: worker.languageModel.version,
  ffmpeg: worker.ffmpeg.version,
  recipeVersion,
});

/**
 * Looks for silent workers, but only while its own beats were written for some seconds: after an outage of the database
 * or a pause of this process everybody looks silent, and beats again within a second or two. A whole silence would be
 * too long: where the database or all workers end every few seconds nobody would ever look (a stage lay idle for 42 s).
 */
function keepReclaiming(worker: Worker, heartbeat: Heartbeat): AsyncDisposable {
  const silentMs = worker.env.WORKER_SILENT_MS;
  const steadyMs = Math.min(silentMs, 3_000);
  return openRepeat(silentMs / 10, async () => {
    if (heartbeat.steadyMs() < steadyMs) return;
    await reclaimSilent(worker, worker.log).catch((error: unknown) =>
      worker.log.warn({ err: error }, 'silent stages not looked for'),
    );
  });
}

if (import.meta.main) await runProcess(openWorker);
