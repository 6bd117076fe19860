import { access, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '#base/log.ts';
import { type CallPolicy, outsideCall, pause } from '#providers/outside-call.ts';
import { check, receive, type WhisperModel } from './download.ts';
import { tryLock } from './lock.ts';

/** Models that may be fetched, with the checksums of whisper.cpp's models/README.md (read 2026-11). */
export const whisperModels = {
  tiny: { name: 'tiny', sha1: 'bd577a113a864445d4c299885e0cb97d4ba92b5f', sizeMiB: 75 },
  'tiny.en': { name: 'tiny.en', sha1: 'c78c86eb1a8faa21b369bcd33207cc90d64ae9df', sizeMiB: 75 },
  base: { name: 'base', sha1: '465707469ff3a37a2b9b8d8f89f2f99de7299dac', sizeMiB: 142 },
  'base.en': { name: 'base.en', sha1: '137c40403d78fd54d454da0f9bd998f78703390c', sizeMiB: 142 },
  small: { name: 'small', sha1: '55356645c2b361a969dfd0ef2c5a50d530afd8d5', sizeMiB: 466 },
  'small.en': { name: 'small.en', sha1: 'db8a495a91d927739e50b3fc1cc4c6b8f6c2d022', sizeMiB: 466 },
} as const satisfies Record<string, WhisperModel>;

export interface ModelSource {
  readonly model: WhisperModel;
  /** The file is `{baseUrl}/ggml-{name}.bin`. */
  readonly baseUrl: string;
  /** Where models stay. */
  readonly folder: string;
  readonly log: Log;
  readonly wait?: CallPolicy['wait'];
}

const pollMs = 1000;

/**
 * Path of a model, fetched once per folder whoever asks: a lock file keeps other processes waiting, a broken download
 * goes on where it ended, and the file gets its name only when its checksum is right.
 * Throws PROVIDER_UNAVAILABLE, PROVIDER_REJECTED, PROVIDER_BAD_ANSWER (checksum or size), DISK_FULL by its cause.
 */
export async function fetchModel(source: ModelSource, signal: AbortSignal): Promise<string> {
  const target = path.join(source.folder, `ggml-${source.model.name}.bin`);
  await mkdir(source.folder, { recursive: true });
  while (!(await exists(target))) {
    signal.throwIfAborted();
    await using lock = await tryLock(`${target}.lock`);
    if (lock === null) await (source.wait ?? pause)(pollMs, signal);
    else if (!(await exists(target))) await download(source, target, signal);
  }
  return target;
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** An attempt may take long; one whose bytes stop coming is ended by the HTTP client after five minutes. */
const timeoutMs = 3_600_000;

async function download(source: ModelSource, target: string, signal: AbortSignal): Promise<void> {
  const part = `${target}.part`;
  const { model, log, wait } = source;
  const url = `${source.baseUrl.replace(/\/+$/, '')}/${path.basename(target)}`;
  await outsideCall(
    { provider: 'model', signal, timeoutMs, attempts: 3, log, ...(wait && { wait }) },
    async (attempt) => {
      await receive({ model, url, part, log, signal: attempt });
      await check(part, model);
    },
  );
  await rename(part, target);
  log.info({ model: model.name }, 'fetched the model');
}
