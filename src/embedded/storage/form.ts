import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { bytesOf } from './call.ts';
import { codeOf } from './disk.ts';
import { Refusal } from './refusal.ts';

/**
 * Reads a form with one file. `keep` gets the file's bytes and declared type while they arrive; fields that stand
 * before or behind the file are collected. Throws what `keep` throws, or InvalidRequest for a form that is broken.
 */
export async function receiveForm<T>(
  request: IncomingMessage,
  keep: (bytes: AsyncIterable<Buffer>, type: string | undefined) => Promise<T>,
): Promise<{ kept: T; fields: ReadonlyMap<string, string> }> {
  const form = openForm(request);
  const fields = new Map<string, string>();
  let file: Readable | undefined;
  let keeping: Promise<T> | undefined;
  form.on('field', (name, value) => fields.set(name, value));
  form.on('file', (...[, stream, , , type]) => {
    file = stream;
    keeping = keep(stream, type);
    keeping.catch((thrown: unknown) => void form.destroy(errorOf(thrown)));
  });
  try {
    await pipeline(bytesOf(request), form);
  } catch (thrown) {
    file?.destroy(errorOf(thrown));
    await keeping?.catch(() => {});
    // What has a code came from the disk or the socket, all else from the form.
    throw thrown instanceof Refusal || codeOf(thrown) !== undefined ? thrown : new Refusal('InvalidRequest', thrown);
  }
  if (keeping === undefined) throw new Refusal('InvalidRequest');
  return { kept: await keeping, fields };
}

const errorOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

function openForm(request: IncomingMessage): BusboyInstance {
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
      limits: { files: 1, fields: 8, parts: 9, fieldSize: 64 * 1024, headerPairs: 16 },
      // Browsers name the file's field "" and libraries differ in the file name: what has a type of its own is the file.
      isPartAFile: (_name, type, fileName) => fileName !== undefined || type === 'application/octet-stream',
    });
  } catch (thrown) {
    throw new Refusal('InvalidRequest', thrown);
  }
}
