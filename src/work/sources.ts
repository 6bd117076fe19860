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
   * loopback and not over the disk. So a talk costs a worker its own size once, and only the one that ingested it. What
   * has no index would be read whole for each cut, again for sound and picture: of such a recording each worker makes
   * its copy. Throws NOT_FOUND, PROVIDER_*, DISK_FULL.
   */
  open(recording: StoredRecording, signal: AbortSignal): Promise<Source>;
}

/** Where a recording's bytes are, and which share of them a seek reads, if that is known. */
export interface StoredRecording extends ObjectName {
  readonly seekShare: number | undefined;
}

/** A cut opens a recording three times: from here on a copy reads less than ranges that no cache can hold. */
const mostSoughtShare = 0.5;

/** Opens the worker's recordings; copies lie below `folder`, which is emptied first. */
export async function openSources(storage: ObjectStorage, folder: string): Promise<Sources> {
  await using stack = new AsyncDisposableStack();
  const copies = stack.use(await openCopies(storage, folder));
  const proxy = stack.use(await openRangeProxy(storage));
  const kept = stack.move();
  return {
    hold: (name, signal) => copies.hold(name, signal),
    open: (recording, signal) =>
      copies.has(recording) || isReadWhole(recording) ? copied(recording, signal) : proxy.open(recording, signal),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };

  async function copied(name: ObjectName, signal: AbortSignal): Promise<Source> {
    const copy = await copies.hold(name, signal);
    return { at: copy.path, signal, [Symbol.asyncDispose]: () => copy[Symbol.asyncDispose]() };
  }
}

const isReadWhole = ({ seekShare = 0 }: StoredRecording): boolean => seekShare > mostSoughtShare;
