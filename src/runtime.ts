import type { Database } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import type { Log } from '#base/log.ts';
import { openDevelopmentKeys } from '#embedded/development-keys.ts';
import { storagePath } from '#embedded/storage/endpoint.ts';
import { clerkIdentity } from '#providers/identity.clerk.ts';
import type { Identity, IdentityMessages } from '#providers/identity.ts';
import type { TokenKeys } from '#providers/identity-keys.ts';
import { clerkMessages } from '#providers/identity-messages.clerk.ts';
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
export function storageFrom(env: Env, embedded: EmbeddedStorage, log: Log): ObjectStorage {
  const maxUploadBytes = env.MAX_UPLOAD_BYTES;
  if (env.SUPABASE_URL && env.SUPABASE_SERVICE_ROLE_KEY) {
    const url = `${env.SUPABASE_URL.replace(/\/$/, '')}${storagePath}`;
    return supabaseStorage({ url, serviceKey: env.SUPABASE_SERVICE_ROLE_KEY, maxUploadBytes, log });
  }
  const { serverUrl, publicUrl, serviceKey = '' } = embedded;
  return supabaseStorage({ url: `${serverUrl}${storagePath}`, publicUrl, serviceKey, maxUploadBytes, log });
}

/** Who checks tokens: the Clerk instance of the environment, else the development keys by the same verification. */
export async function identityFrom(env: Env): Promise<Identity> {
  const keys = tokenKeysFrom(env);
  if (!keys || env.CLERK_JWT_ISSUER === undefined) return clerkIdentity(await openDevelopmentKeys(env));
  return clerkIdentity({ ...keys, issuer: env.CLERK_JWT_ISSUER, authorizedParties: env.CLERK_AUTHORIZED_PARTIES });
}

/** A key at hand needs no network; the published set follows the instance when it changes its key. */
function tokenKeysFrom(env: Env): TokenKeys | null {
  const { CLERK_JWT_KEY: jwtKey, CLERK_JWKS_URL: jwksUrl, CLERK_SECRET_KEY: secretKey } = env;
  if (jwtKey !== undefined) return { jwtKey };
  if (jwksUrl !== undefined) return { jwksUrl };
  return secretKey === undefined ? null : { jwksUrl: 'https://api.clerk.com/v1/jwks', secretKey };
}

/** Who reads the identity provider's messages; null where none are expected. */
export const identityMessagesFrom = ({ CLERK_WEBHOOK_SIGNING_SECRET: secret }: Env): IdentityMessages | null =>
  secret === undefined ? null : clerkMessages(secret);
