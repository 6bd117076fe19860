import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Database, openDatabase } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { openDevelopmentKeys } from '#embedded/development-keys.ts';
import { openHome } from '../support/home.ts';
import { type Attempts, openAttempts } from './attempts.ts';
import { openClient } from './client.ts';
import { type Dice, diceOf } from './dice.ts';
import { whoAmI } from './documents.ts';
import { type Fleet, openFleet } from './fleet.ts';
import { type History, openHistory } from './history.ts';
import { carryLoad, type LoadRig, retryFailed } from './load.ts';
import { type Models, openModels } from './models.ts';
import { rage } from './nemesis.ts';
import { type OwnPostgres, openOwnPostgres } from './postgres.ts';
import { sweepOrphans, untilQuiet } from './quiet.ts';
import { openRecordings, type Recordings } from './recordings.ts';
import { openRecoveryWatch, type RecoveryWatch } from './recovery.ts';
import { openStorageGate, type StorageGate } from './storage-gate.ts';
import { openSubscribers, type Subscribers } from './subscribers.ts';

/** How hard and how long it blows. */
export interface StormOptions {
  readonly seed: number;
  /** How long things are broken at most; what was begun is then finished in peace. */
  readonly stormMs: number;
  /** Whether the storm is over as soon as every fault has come once. */
  readonly once: boolean;
  /** Where workers are only killed, one by one: how many; the storm is over then. Null for all faults. */
  readonly kills: number | null;
  readonly workers: number;
  /** How many send recordings at the same time. */
  readonly people: number;
  /** WORKER_SILENT_MS of the workers. */
  readonly silentMs: number;
  /** How long after the storm everything may take to end. */
  readonly calmMs: number;
  /** Where the logs of all processes are kept. */
  readonly logs: string;
  readonly tell: (line: string) => void;
}

/** What stands after the storm, for the checks. */
export interface Aftermath {
  readonly home: string;
  readonly workDir: string;
  readonly logs: string;
  readonly database: Database;
  readonly gate: StorageGate;
  readonly models: Models;
  readonly fleet: Fleet;
  readonly history: History;
  readonly subscribers: Subscribers;
  readonly recovery: RecoveryWatch;
  readonly attempts: Attempts;
  /** Objects that no row named after the storm, and that were swept. */
  readonly orphans: number;
  /** What must never stand in a log. */
  readonly secrets: readonly string[];
}

/**
 * Two APIs and some workers over a database and a storage of their own, people who use them, and a nemesis; then calm,
 * until everything that was begun has ended. `judge` looks at what stands before it is taken down.
 */
export async function withStorm<T>(options: StormOptions, judge: (aftermath: Aftermath) => Promise<T>): Promise<T> {
  const { seed, people, calmMs, tell } = options;
  await using stack = new AsyncDisposableStack();
  const ground = await openGround(options, stack);
  const { history, subscribers, recordings, dice } = ground;
  const client = openClient(ground.urls, ground.token, history);
  const { viewer } = await client.ask(whoAmI, {});
  const workspaceId = viewer?.workspaces.nodes[0]?.workspace.id ?? '';
  tell(`seed ${seed}: ${options.workers} workers and two APIs are up; ${people} people send recordings`);

  const rig = { client, history, subscribers, recordings, workspaceId, dice: dice.of('load') };
  await blow(rig, ground, options);
  const failed = await failedRuns(ground.database);
  if (failed.length > 0) tell(`${failed.length} runs gave up and are retried`);
  await Promise.race([retryFailed(rig, failed), wait(calmMs, undefined, { ref: false })]);
  await untilQuiet(ground.database, 40_000);
  const orphans = await sweepOrphans(ground.database, ground.gate);
  subscribers.close();
  return await judge({ ...ground, orphans, workDir: path.join(ground.home, 'work'), logs: options.logs });
}

/** The storm itself: people and nemesis at the same time, then the people alone until all that they began has ended. */
async function blow(rig: LoadRig, ground: Ground, options: StormOptions): Promise<void> {
  const { people, stormMs, calmMs, tell } = options;
  const enough = new AbortController();
  try {
    const load = carryLoad(rig, people, enough.signal);
    const raging = rage({ ...ground, ...options, dice: ground.dice.of('nemesis') }, enough.signal);
    await Promise.race([wait(stormMs, undefined, { ref: false }), load, raging]);
    enough.abort();
    await raging;
    tell(`the storm is over: ${rig.history.runs.size} runs began; what is left is finished in peace`);
    const late = wait(calmMs, 'late' as const, { ref: false });
    if ((await Promise.race([load, late])) === 'late') tell('some runs did not end in time');
    load.catch(() => {});
  } finally {
    enough.abort();
  }
}

async function failedRuns({ prisma }: Database): Promise<string[]> {
  const runs = await prisma.run.findMany({ where: { status: { in: ['FAILED', 'PARTIAL'] } }, select: { id: true } });
  return runs.map(({ id }) => id);
}

interface Ground {
  readonly home: string;
  readonly database: Database;
  readonly postgres: OwnPostgres;
  readonly gate: StorageGate;
  readonly models: Models;
  readonly fleet: Fleet;
  readonly urls: readonly [string, string];
  readonly token: string;
  readonly history: History;
  readonly subscribers: Subscribers;
  readonly recovery: RecoveryWatch;
  readonly attempts: Attempts;
  readonly recordings: Recordings;
  readonly dice: Dice;
  readonly secrets: readonly string[];
}

async function openGround(options: StormOptions, stack: AsyncDisposableStack): Promise<Ground> {
  const { seed, silentMs, logs, workers } = options;
  await mkdir(logs, { recursive: true });
  const dice = diceOf(seed);
  const home = stack.use(await openHome());
  const postgres = stack.use(await openOwnPostgres(home.path));
  const gate = stack.use(await openStorageGate(home.file('storage'), dice.of('storage')));
  const models = stack.use(await openModels((name) => home.file(name), dice.of('models')));
  const recordings = await openRecordings((name) => home.file(name), dice.of('recordings'));
  const database = stack.use(openDatabase(postgres.url, openLog('fatal'), { max: 4 }));
  const recovery = stack.use(openRecoveryWatch(database));
  const attempts = openAttempts();
  const { server } = models;
  const env = {
    DATABASE_URL: postgres.url,
    OFFPRINT_HOME: home.path,
    WORK_DIR: home.file('work'),
    SUPABASE_SERVICE_ROLE_KEY: gate.serviceKey,
    SPEECH_TO_TEXT: 'openai',
    LANGUAGE_MODEL: 'openai',
    OPENAI_API_KEY: server.apiKey,
    OPENAI_BASE_URL: server.baseURL,
    WORKER_SILENT_MS: `${silentMs}`,
    RETRY_BASE_MS: '500',
    // One client is all clients here.
    RATE_LIMITS: 'off',
    SOCKETS_PER_USER: '1000',
    // Many processes start here: the first ones compile for all.
    NODE_COMPILE_CACHE: home.file('compiled'),
  };
  const keys = await openDevelopmentKeys({ home: home.path, production: false });
  const token = await keys.mint({ user: 'ada', workspace: 'analytical', ttlSeconds: 4 * 3600 });
  const fleet = stack.use(
    await openFleet({ workers, env, logs, openDoor: gate.openDoor, onWorkerLine: attempts.note }),
  );
  const urls = [fleet.apis[0].url, fleet.apis[1].url] as const;
  const subscribers = openSubscribers(urls, token, dice.of('subscribers'));
  stack.defer(() => subscribers.close());
  const secrets = [token, gate.serviceKey, server.apiKey, new URL(postgres.url).password];
  const held = { postgres, gate, models, fleet, recovery, attempts, recordings, subscribers };
  return { ...held, home: home.path, database, urls, token, history: openHistory(), dice, secrets };
}
