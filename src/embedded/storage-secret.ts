import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Env } from '#base/env.ts';
import { createdOnce } from './created-once.ts';

/** What signs the embedded storage's links: STORAGE_SECRET, else one made once for this home. */
export const storageSecret = async (env: Pick<Env, 'STORAGE_SECRET' | 'home'>): Promise<string> =>
  env.STORAGE_SECRET ?? createdOnce(path.join(env.home, 'storage-secret'), async () => randomBytes(32).toString('hex'));
