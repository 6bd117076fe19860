import type { ObjectName, ObjectStorage } from '#providers/object-storage.ts';
import { openRangeProxy } from './ranges/range-proxy.ts';
import type { Source } from './source.ts';
import { openCopies, type SourceFile } from './source-copies.ts';

/** The recordings of one worker. */
export interface Sources extends AsyncDisposable {
  /** The whole recording on this machine's disk, for its first reading. It stays a while for what comes next. */
  hold(name: ObjectName, signal: AbortSignal): Promise<SourceFile>;
  /**
   * The recording where it is: this worker's copy while there is one, else only the ranges that are read, through the
   * loopback and not over the disk. So a talk costs a worker its own size once, and only the one that ingested it.
   * Throws NOT_FOUND, PROVIDER_*.
   */
  open(name: ObjectName, signal: AbortSignal): Promise<Source>;
}

/** Opens the worker's recordings; copies lie below `folder`, which is emptied first. */
export async function openSources(storage: ObjectStorage, folder: string): Promise<Sources> {
  await using stack = new AsyncDisposableStack();
  const copies = stack.use(await openCopies(storage, folder));
  const proxy = stack.use(await openRangeProxy(storage));
  const kept = stack.move();
  return {
    hold: (name, signal) => copies.hold(name, signal),
    open: (name, signal) => (copies.has(name) ? copied(name, signal) : proxy.open(name, signal)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };

  async function copied(name: ObjectName, signal: AbortSignal): Promise<Source> {
    const copy = await copies.hold(name, signal);
    return { at: copy.path, signal, [Symbol.asyncDispose]: () => copy[Symbol.asyncDispose]() };
  }
}
