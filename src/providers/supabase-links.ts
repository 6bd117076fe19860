import { decodeJwt } from 'jose';
import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { assertKey } from './object-key.ts';
import type { ObjectName, ObjectStorage, SignedTarget } from './object-storage.ts';
import type { StorageCall } from './supabase-call.ts';

/** Every address of the protocol begins with this. */
const root = '/storage/v1';
/** Hosted Supabase wants parts of exactly 6 MiB. */
const chunkSizeBytes = 6 * 1024 ** 2;

/** The two calls that hand out links: they begin with `publicUrl`, because clients may reach the server another way. */
export function linksOf(
  call: StorageCall,
  { url, publicUrl = url.slice(0, url.lastIndexOf(root)) }: { url: string; publicUrl?: string },
): Pick<ObjectStorage, 'signUpload' | 'signDownload'> {
  const base = publicUrl.replace(/\/+$/, '');
  const outward = (link: string): string => `${base}${link.slice(link.indexOf(`${root}/`))}`;
  return {
    async signUpload(name, wanted) {
      assertKey(name);
      // Our own word: the embedded endpoint signs the size, a Supabase project reads past it.
      const headers = { 'x-upload-length': String(wanted.sizeBytes) };
      const link = await call({ what: 'sign-upload', answer: uploadLink, headers }, (client) =>
        client.from(name.bucket).createSignedUploadUrl(name.key),
      );
      const target = { ...link, contentType: wanted.contentType, expiresAt: endOf(link.token) };
      return wanted.protocol === 'PUT'
        ? putTarget({ ...target, url: outward(link.signedUrl) })
        : tusTarget({ ...target, url: `${base}${root}/upload/resumable/sign` }, name);
    },
    async signDownload(name, { expiresInSeconds, downloadName }) {
      assertKey(name);
      const { signedUrl } = await call({ what: 'sign-download', answer: downloadLink }, (client) =>
        client.from(name.bucket).createSignedUrl(name.key, expiresInSeconds),
      );
      const token = new URL(signedUrl).searchParams.get('token') ?? '';
      // The client library would encode the name twice.
      const download = downloadName === undefined ? '' : `&download=${encodeURIComponent(downloadName)}`;
      return { url: `${outward(signedUrl)}${download}`, expiresAt: endOf(token) };
    },
  };
}

const uploadLink = z.object({ signedUrl: z.url(), token: z.string() });
const downloadLink = z.object({ signedUrl: z.url() });

/** When the server stops accepting a token. Throws PROVIDER_BAD_ANSWER for a token without an end. */
function endOf(token: string): Date {
  try {
    return new Date(z.object({ exp: z.number() }).parse(decodeJwt(token)).exp * 1000);
  } catch (thrown) {
    throw new Problem('PROVIDER_BAD_ANSWER', { provider: 'storage' }, thrown);
  }
}

interface Link {
  readonly url: string;
  readonly token: string;
  readonly contentType: string;
  readonly expiresAt: Date;
}

const putTarget = ({ url, contentType, expiresAt }: Link): SignedTarget => ({
  protocol: 'PUT',
  url,
  headers: { 'content-type': contentType, 'x-upsert': 'false' },
  metadata: {},
  chunkSizeBytes: null,
  expiresAt,
});

/** A later token for the same name continues the upload, so a long one outlives its first link. */
const tusTarget = ({ url, token, contentType, expiresAt }: Link, name: ObjectName): SignedTarget => ({
  protocol: 'TUS',
  url,
  headers: { 'x-signature': token, 'x-upsert': 'false' },
  metadata: { bucketName: name.bucket, objectName: name.key, contentType, cacheControl: '3600' },
  chunkSizeBytes,
  expiresAt,
});
