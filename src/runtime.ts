import type { Database } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import type { Log } from '#base/log.ts';
import { storagePath } from '#embedded/storage/endpoint.ts';
import { supabaseStorage } from '#providers/object-storage.supabase.ts';
import type { ObjectStorage } from '#providers/object-storage.ts';

/** What every process holds. */
export interface Runtime {
  readonly env: Env;
  readonly log: Log;
  readonly database: Database;
  readonly storage: ObjectStorage;
}

/** Where the embedded storage is, for a process that uses it. */
export interface EmbeddedStorage {
  /** How this process reaches it. */
  readonly serverUrl: string;
  /** How clients reach it. */
  readonly publicUrl: string;
  readonly serviceKey: string | undefined;
}

/** The object storage of the environment: a Supabase project, else the endpoint embedded in the API. One adapter serves both. */
export function storageFrom(env: Env, embedded: EmbeddedStorage): ObjectStorage {
  const maxUploadBytes = env.MAX_UPLOAD_BYTES;
  if (env.SUPABASE_URL && env.SUPABASE_SERVICE_ROLE_KEY) {
    const url = `${env.SUPABASE_URL.replace(/\/$/, '')}${storagePath}`;
    return supabaseStorage({ url, serviceKey: env.SUPABASE_SERVICE_ROLE_KEY, maxUploadBytes });
  }
  const { serverUrl, publicUrl, serviceKey = '' } = embedded;
  return supabaseStorage({ url: `${serverUrl}${storagePath}`, publicUrl, serviceKey, maxUploadBytes });
}
