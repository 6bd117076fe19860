import { Problem } from '#base/problem.ts';
import type { ObjectName } from './object-storage.ts';

const segment = /^[\w-][\w.-]*$/;
const longest = 1024;

/**
 * Throws INVALID_INPUT for a name that could leave its bucket or be read in two ways. Clients put keys into URLs as they
 * are and URL parsers fold `..` away, so that with a service key `../B/x` in bucket A would act on bucket B.
 */
export function assertKey({ bucket, key }: ObjectName): void {
  if (key.length > longest || !key.split('/').every((part) => segment.test(part))) {
    throw new Problem('INVALID_INPUT', { reason: 'The name of a stored object is not valid.', bucket, key });
  }
}

/** The folder a prefix names, with one slash at its end; the empty prefix is the whole bucket. Throws INVALID_INPUT. */
export function folderPrefix({ bucket, key }: ObjectName): string {
  const folder = key.replace(/\/$/, '');
  if (folder === '') return '';
  assertKey({ bucket, key: folder });
  return `${folder}/`;
}
