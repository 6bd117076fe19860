import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Log } from '#base/log.ts';
import { Problem } from '#base/problem.ts';

/** One model file: what it is called, its checksum and its size in MiB, rounded up. */
export interface WhisperModel {
  readonly name: string;
  readonly sha1: string;
  readonly sizeMiB: number;
}

export interface Transfer {
  readonly model: WhisperModel;
  readonly url: string;
  /** Where the bytes go; what is there already is the beginning. */
  readonly part: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Asks for what is missing. 416 means that nothing is: the checksum decides what that is worth. */
export async function receive({ model, url, part, log, signal }: Transfer): Promise<void> {
  const haveBytes = await stat(part).then(
    ({ size }) => size,
    () => 0,
  );
  const response = await fetch(url, { signal, headers: haveBytes > 0 ? { range: `bytes=${haveBytes}-` } : {} });
  if (response.status === 416 && haveBytes > 0) return response.body?.cancel();
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status, headers: response.headers });
  }
  const resumed = response.status === 206;
  log.info({ model: model.name, sizeMiB: model.sizeMiB, resumedAt: resumed ? haveBytes : 0 }, 'fetching the model');
  const metered = meter({ model, log, startBytes: resumed ? haveBytes : 0 });
  await pipeline(Readable.fromWeb(response.body), metered, createWriteStream(part, { flags: resumed ? 'a' : 'w' }), {
    signal,
  });
}

const mebibyte = 1024 ** 2;

interface Metering extends Pick<Transfer, 'model' | 'log'> {
  readonly startBytes: number;
}

/** Passes bytes on, tells each tenth, and ends what is longer than the model can be. */
function meter({ model, log, startBytes }: Metering) {
  const limitBytes = model.sizeMiB * mebibyte;
  const tenthOf = (bytes: number): number => Math.floor((10 * bytes) / limitBytes);
  return async function* passOn(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = startBytes;
    for await (const chunk of chunks) {
      const before = bytes;
      bytes += chunk.length;
      if (bytes > limitBytes) throw new Problem('PROVIDER_BAD_ANSWER', { provider: 'model', bytes, limitBytes });
      if (tenthOf(before) < tenthOf(bytes)) log.info({ model: model.name, bytes, limitBytes }, 'fetching');
      yield chunk;
    }
  };
}

/** 142 MB take 0.3 s. A wrong file is removed, so that the next attempt begins anew. */
export async function check(part: string, model: WhisperModel): Promise<void> {
  const hash = createHash('sha1');
  await pipeline(createReadStream(part), hash);
  const sha1 = hash.digest('hex');
  if (sha1 === model.sha1) return;
  await rm(part, { force: true });
  throw new Problem('PROVIDER_BAD_ANSWER', { provider: 'model', model: model.name, sha1, expectedSha1: model.sha1 });
}
