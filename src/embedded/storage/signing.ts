import { z } from 'zod';
import { answer, type Call, readJson } from './call.ts';
import { isKey } from './names.ts';
import { assertFree, write } from './object-calls.ts';
import { Refusal } from './refusal.ts';
import { serve } from './serve.ts';
import type { Store } from './store.ts';

const uploadLinkSeconds = 2 * 60 * 60;
const lifeSeconds = z
  .number()
  .int()
  .min(1)
  .max(10 * 365 * 24 * 60 * 60);

const urlOf = ({ bucket, key }: { bucket: string; key: string }): string => `${bucket}/${key}`;

/** Not of the protocol, so that a Supabase project reads past it: how many bytes the signed upload may have. */
const announcedBytes = z
  .stringFormat('bytes', /^\d{1,15}$/)
  .transform(Number)
  .pipe(z.int().min(1));

/**
 * POST /object/upload/sign/B/K. While the object does not exist any number of links may be made for it, each for the number
 * of bytes in `x-upload-length`. Throws InvalidRequest without one: who holds a link could fill the disk by it.
 */
export async function signUpload(store: Store, call: Call): Promise<void> {
  await store.buckets.get(call.bucket);
  const upsert = call.request.headers['x-upsert'] === 'true';
  if (!upsert) await assertFree(store, call);
  const sizeBytes = announcedBytes.safeParse(call.request.headers['x-upload-length']);
  if (!sizeBytes.success) throw new Refusal('InvalidRequest', sizeBytes.error);
  const grant = { scope: 'upload', url: urlOf(call), upsert, sizeBytes: sizeBytes.data } as const;
  const token = await store.tokens.sign(grant, uploadLinkSeconds);
  answer(call, { url: `/object/upload/sign/${urlOf(call)}?token=${token}`, token });
}

/** PUT /object/upload/sign/B/K?token= : the token says whether an object may be replaced and how long it may be, not a header. */
export async function uploadBySignature(store: Store, call: Call): Promise<void> {
  const { upsert, sizeBytes } = await store.tokens.verifyUpload(tokenOf(call), urlOf(call));
  await store.puts.hold(urlOf(call), call.request, () => write(store, call, { upsert, mostBytes: sizeBytes }));
}

/** POST /object/sign/B/K */
export async function signDownload(store: Store, call: Call): Promise<void> {
  const { expiresIn } = await readJson(call, z.object({ expiresIn: lifeSeconds }));
  await store.objects.get(call);
  answer(call, { signedURL: await downloadLink(store, call, expiresIn) });
}

/** POST /object/sign/B: several at once; what is missing is answered in its place. */
export async function signDownloads(store: Store, call: Call): Promise<void> {
  const wanted = z.object({ expiresIn: lifeSeconds, paths: z.array(z.string()).min(1).max(1000) });
  const { expiresIn, paths } = await readJson(call, wanted);
  await store.buckets.get(call.bucket);
  const lines = paths.map(async (path) => {
    const place = { bucket: call.bucket, key: path };
    const exists = isKey(path) && (await store.objects.find(place)) !== null;
    if (!exists) return { error: absent, path, signedURL: null };
    return { error: null, path, signedURL: await downloadLink(store, place, expiresIn) };
  });
  answer(call, await Promise.all(lines));
}

const absent = 'Either the object does not exist or you do not have access to it';

async function downloadLink(store: Store, place: { bucket: string; key: string }, seconds: number): Promise<string> {
  const token = await store.tokens.sign({ scope: 'download', url: urlOf(place) }, seconds);
  return `/object/sign/${urlOf(place)}?token=${token}`;
}

/** GET and HEAD /object/sign/B/K?token=[&download=name] */
export async function downloadBySignature(store: Store, call: Call): Promise<void> {
  const grant = await store.tokens.verifyDownload(tokenOf(call), urlOf(call));
  const name = call.query.get('download');
  await serve(store, call, () => ({
    expires: grant.expiresAt.toUTCString(),
    ...(name !== null && { 'content-disposition': disposition(name) }),
  }));
}

const tokenOf = ({ query }: Call): string => query.get('token') ?? '';

function disposition(name: string): string {
  if (name === '') return 'attachment';
  const encoded = encodeURIComponent(name).replaceAll("'", '%27');
  return `attachment; filename=${encoded}; filename*=UTF-8''${encoded}`;
}
