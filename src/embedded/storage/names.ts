import { z } from 'zod';
import { Refusal } from './refusal.ts';

const bucketPattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const keyPattern = /^[\w/!\-.*'() &$@=;:+,?]+$/;
const longestKeyBytes = 1024;

/** Whether a text may name a bucket. Bucket names become folder names, so the rule is narrow. */
export const isBucketName = (text: string): boolean => bucketPattern.test(text);

/** Whether a text may name an object: the real server's characters, no empty, `.` or `..` segment, at most 1024 bytes. */
export const isKey = (text: string): boolean =>
  text.length <= longestKeyBytes &&
  keyPattern.test(text) &&
  text.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');

/** Throws InvalidBucketName. */
export function assertBucketName(text: string): void {
  if (!isBucketName(text)) throw new Refusal('InvalidBucketName');
}

/** Throws InvalidKey. */
export function assertKey(text: string): void {
  if (!isKey(text)) throw new Refusal('InvalidKey');
}

export const bucketName = z.string().refine(isBucketName);
export const objectKey = z.string().refine(isKey);

/**
 * The segments of a raw request path, each decoded by itself. The path is never normalised: `..` and an encoded slash
 * stay visible in their segment and are refused there. Throws InvalidKey when the encoding is broken.
 */
export function segmentsOf(rawPath: string): string[] {
  return rawPath.split('/').map((raw) => {
    const segment = decoded(raw);
    if (segment === null || segment.includes('/')) throw new Refusal('InvalidKey');
    return segment;
  });
}

function decoded(raw: string): string | null {
  try {
    return decodeURIComponent(raw);
  } catch {
    return null;
  }
}
