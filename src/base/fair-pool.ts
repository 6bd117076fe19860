import { AsyncLocalStorage } from 'node:async_hooks';
import { callbackify } from 'node:util';
import { Pool, type PoolClient, type PoolConfig } from 'pg';

/** On whose behalf the database is asked. */
export interface Asker {
  /** Who it is; all who have the same one share their connections. */
  readonly key: string;
  /** The most connections at a time, by default 3. */
  readonly most?: number;
  /** Aborted when nobody wants to know any more; what has no connection by then gets none. */
  readonly signal?: AbortSignal;
}

const current = new AsyncLocalStorage<Asker>();

/** Runs `body` so that whatever it asks of a fair pool, also across awaits, is asked on behalf of `asker`. */
export const onBehalfOf = <T>(asker: Asker, body: () => T): T => current.run(asker, body);

/** On whose behalf it is asked now. */
export const asker = (): Asker | undefined => current.getStore();

type Connected = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void;

/** Who has as many connections as they may, and who waits for one of them. */
interface Turns {
  underWay: number;
  readonly waiting: (() => void)[];
}

const everybody = Symbol('everybody');
/** One person with many costly questions leaves most of them to others. */
const mostEach = 3;
/** All askers leave so many to what is asked on behalf of nobody: who somebody is, and whether the database answers. */
const leftFree = 2;

/** A pool of which each asker has a few connections at a time, however much they ask at once. */
export class FairPool extends Pool {
  readonly #turns = new Map<string | symbol, Turns>();
  readonly #given = new WeakMap<PoolClient, () => void>();

  constructor(config: PoolConfig) {
    super(config);
    this.on('release', (_error, client) => {
      const done = this.#given.get(client);
      this.#given.delete(client);
      done?.();
    });
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<PoolClient> | void {
    const now = asker();
    // As the pool itself has it.
    if (!now) return callback ? super.connect(callback) : super.connect();
    if (!callback) return this.#connected(now);
    callbackify(() => this.#connected(now))((error, client?: PoolClient) =>
      callback(error ?? undefined, client, client ? client.release.bind(client) : () => {}),
    );
  }

  async #connected({ key, most = mostEach, signal }: Asker): Promise<PoolClient> {
    const own = await this.#turn(key, most);
    const one = await this.#turn(everybody, Math.max(1, this.options.max - leftFree));
    const done = (): void => {
      one();
      own();
    };
    let client: PoolClient | undefined;
    try {
      signal?.throwIfAborted();
      client = await super.connect();
      signal?.throwIfAborted();
      this.#given.set(client, done);
      return client;
    } catch (error) {
      client?.release();
      done();
      throw error;
    }
  }

  /** Waits until `key` has less than `most` of them. It has one more until the function that this gives is called. */
  async #turn(key: string | symbol, most: number): Promise<() => void> {
    const turns = this.#turns.get(key) ?? { underWay: 0, waiting: [] };
    this.#turns.set(key, turns);
    if (turns.underWay < most) turns.underWay += 1;
    else await new Promise<void>((resolve) => turns.waiting.push(resolve));
    return () => {
      const next = turns.waiting.shift();
      if (next) return next();
      turns.underWay -= 1;
      if (turns.underWay === 0) this.#turns.delete(key);
    };
  }
}
