import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Check } from './check.ts';

/** A link that lets in whoever reads it: the token itself, not the word where it stood. */
const signedLink = /[?&]token=ey[\w-]{8,}/;

/** No process wrote a secret into its log. */
export const checkLogs: Check = async ({ logs, secrets }) => {
  const found: Awaited<ReturnType<Check>> = [];
  for (const name of await readdir(logs)) {
    const text = await readFile(path.join(logs, name), 'utf8');
    const told = secrets.some((secret) => text.includes(secret)) || signedLink.test(text);
    if (told) found.push({ kind: 'broken', detail: `${name} tells a secret` });
  }
  return found;
};
