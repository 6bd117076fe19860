import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Problem } from '#base/problem.ts';

/** A stored file as the documents of the demo ask for it. */
export interface Downloadable {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly link?: { readonly url: string } | null;
}

/**
 * Streams a stored file to disk and compares its hash. Throws NOT_FOUND when the bytes are gone, CHECKSUM_MISMATCH when
 * others arrived.
 */
export async function download(stored: Downloadable, file: string, signal: AbortSignal): Promise<void> {
  const answer = stored.link && (await fetch(stored.link.url, { signal }));
  if (!answer?.ok || !answer.body) throw new Problem('NOT_FOUND', { what: file, status: answer?.status });
  const hash = createHash('sha256');
  const hashed = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  await pipeline(answer.body, hashed, createWriteStream(file), { signal });
  if (hash.digest('hex') !== stored.sha256) throw new Problem('CHECKSUM_MISMATCH', { file });
}
