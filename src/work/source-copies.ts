import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { problemFrom } from '#base/problem.ts';
import type { ObjectName, ObjectStorage } from '#providers/object-storage.ts';
import { outsideFailure } from '#providers/outside-failure.ts';

/** A recording on this machine's disk, for as long as it is held. */
export interface SourceFile extends AsyncDisposable {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Recordings fetched whole by this worker, shared by all stages that need the same one. */
export interface SourceCopies extends AsyncDisposable {
  hold(name: ObjectName, signal: AbortSignal): Promise<SourceFile>;
  /** Whether it is here, or on its way because somebody holds it. */
  has(name: ObjectName): boolean;
}

interface Fetched {
  readonly path: string;
  readonly done: Promise<{ sizeBytes: number; sha256: string }>;
  readonly stop: AbortController;
  users: number;
}

/** Idle recordings kept for the next stage of the same run: one per worker is enough for a run's cuts in a row. */
const keepIdle = 2;

/** Opens the worker's copies below `folder`, which is emptied first. The bytes are hashed on their way to disk. */
export async function openCopies(storage: ObjectStorage, folder: string): Promise<SourceCopies> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const held = new Map<string, Fetched>();
  return {
    hold,
    has: (name) => held.has(idOf(name)),
    [Symbol.asyncDispose]: async () => {
      for (const fetched of held.values()) fetched.stop.abort();
      await Promise.allSettled([...held.values()].map((fetched) => fetched.done));
      await rm(folder, { recursive: true, force: true });
    },
  };

  async function hold(name: ObjectName, signal: AbortSignal): Promise<SourceFile> {
    const id = idOf(name);
    const fetched = held.get(id) ?? begin(id, name);
    fetched.users += 1;
    const release = () => leave(id, fetched);
    try {
      const facts = await unlessAborted(fetched.done, signal);
      return { path: fetched.path, ...facts, [Symbol.asyncDispose]: release };
    } catch (error) {
      await release();
      if (problemFrom(error).code === 'DISK_FULL') await dropIdle(0);
      throw error;
    }
  }

  function begin(id: string, name: ObjectName): Fetched {
    const file = path.join(folder, randomUUID());
    const stop = new AbortController();
    const done = fetchTo(file, name, stop.signal);
    const fetched = { path: file, done, stop, users: 0 };
    held.set(id, fetched);
    done.catch(() => held.get(id) === fetched && held.delete(id));
    return fetched;
  }

  async function leave(id: string, fetched: Fetched): Promise<void> {
    fetched.users -= 1;
    if (held.get(id) !== fetched) return;
    held.delete(id);
    held.set(id, fetched);
    await dropIdle(keepIdle);
  }

  /** The ones used longest ago go first. On a full disk none is kept: the next attempt needs the room. */
  async function dropIdle(kept: number): Promise<void> {
    const idle = [...held].filter(([, candidate]) => candidate.users === 0);
    for (const [key, old] of idle.slice(0, Math.max(0, idle.length - kept))) {
      held.delete(key);
      old.stop.abort();
      await old.done.catch(() => {});
      await rm(old.path, { force: true });
    }
  }

  async function fetchTo(file: string, name: ObjectName, signal: AbortSignal) {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        hash.update(chunk);
        sizeBytes += chunk.length;
        next(null, chunk);
      },
    });
    try {
      await pipeline(await storage.read(name, { signal }), measure, createWriteStream(file), { signal });
    } catch (error) {
      await rm(file, { force: true });
      // Once its body flows, the storage's own policy is over: a broken line is still the storage's fault, not ours.
      throw outsideFailure(error, { provider: 'storage', attempt: 1 });
    }
    return { sizeBytes, sha256: hash.digest('hex') };
  }
}

const idOf = ({ bucket, key }: ObjectName): string => `${bucket}/${key}`;

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
