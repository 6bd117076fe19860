import { envFrom } from '#base/env.ts';
import { supabaseStorage } from '#providers/object-storage.supabase.ts';
import { openEmbeddedServer, type StorageServer } from '../support/storage.ts';
import { describeObjectStorage } from './object-storage.contract.ts';

describeObjectStorage('the embedded endpoint', openEmbeddedServer);

// A real Supabase project, when the environment names one.
const { SUPABASE_URL: origin, SUPABASE_SERVICE_ROLE_KEY: serviceKey, MAX_UPLOAD_BYTES: maxUploadBytes } = envFrom();
if (origin !== undefined && serviceKey !== undefined) {
  const storage = supabaseStorage({ url: `${origin}/storage/v1`, serviceKey, maxUploadBytes });
  const server: StorageServer = { origin, serviceKey, storage, [Symbol.asyncDispose]: () => Promise.resolve() };
  describeObjectStorage('Supabase', async () => {
    await storage.ensureBuckets();
    return server;
  });
}
