import type { ObjectName, SignedTarget } from '#providers/object-storage.ts';
import { ask, type EmbeddedServer, type RawAnswer } from './storage.ts';

/** Pairs as Upload-Metadata. */
export const encoded = (metadata: SignedTarget['metadata']): string =>
  Object.entries(metadata)
    .map(([field, value]) => `${field} ${Buffer.from(value).toString('base64')}`)
    .join(',');

/** An address of the storage as `ask` takes it. */
export const belowRoot = (url: string): string => new URL(url).pathname.slice('/storage/v1'.length);

/** A target, and requests to it as no client library would send them. */
export interface TusTrial {
  readonly target: SignedTarget;
  /** Announces so many bytes; null leaves the number open. */
  create(length: number | null, headers?: Record<string, string>): Promise<RawAnswer>;
  send(
    method: string,
    location: string | undefined,
    sent?: { offset?: number; body?: string; token?: string; length?: number },
  ): Promise<RawAnswer>;
}

/** Has a target signed for as many bytes. */
export async function openTusTrial(server: EmbeddedServer, name: ObjectName, sizeBytes: number): Promise<TusTrial> {
  const target = await server.storage.signUpload(name, { protocol: 'TUS', contentType: 'video/mp4', sizeBytes });
  const always = { 'tus-resumable': '1.0.0', ...target.headers };
  return {
    target,
    create: (length, headers = {}) =>
      ask(server, {
        method: 'POST',
        path: belowRoot(target.url),
        headers: {
          ...always,
          ...(length === null ? { 'upload-defer-length': '1' } : { 'upload-length': String(length) }),
          'upload-metadata': encoded(target.metadata),
          ...headers,
        },
        body: '',
      }),
    send: (method, location = '', { offset, body, token, length } = {}) =>
      ask(server, {
        method,
        path: belowRoot(location),
        headers: {
          ...always,
          ...(length !== undefined && { 'upload-length': String(length) }),
          ...(token !== undefined && { 'x-signature': token }),
          ...(offset !== undefined && {
            'upload-offset': String(offset),
            'content-type': 'application/offset+octet-stream',
          }),
        },
        ...(body !== undefined && { body }),
      }),
  };
}
