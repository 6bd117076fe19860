import { parseArgs } from 'node:util';
import { z } from 'zod';
import { envFrom } from '#base/env.ts';
import { Problem } from '#base/problem.ts';
import { openDevelopmentKeys } from '#embedded/development-keys.ts';

const usage = `Usage: npm run token -- --user NAME --workspace NAME [--role admin] [--ttl 3600] [--name "Full Name"] [--email ADDRESS]

Prints a session token for development, signed with the keys under OFFPRINT_HOME. --ttl is in seconds.`;

const word = z.string().regex(/^[\w-]+$/, 'letters, digits, _ and - only');
const flags = z.object({
  user: word,
  workspace: word,
  role: word.optional(),
  ttl: z.coerce.number().int().min(1).optional(),
  name: z.string().min(1).optional(),
  email: z.email().optional(),
});

try {
  const { user, workspace, role, ttl, name, email } = readFlags();
  const keys = await openDevelopmentKeys(envFrom());
  const rest = {
    ...(role && { role }),
    ...(ttl && { ttlSeconds: ttl }),
    ...(name && { name }),
    ...(email && { email }),
  };
  console.log(await keys.mint({ user, workspace, ...rest }));
} catch (error) {
  console.error(error instanceof Problem ? error.message : error);
  process.exitCode = 1;
}

function readFlags(): z.output<typeof flags> {
  const option = { type: 'string' } as const;
  const options = { user: option, workspace: option, role: option, ttl: option, name: option, email: option };
  try {
    const { values } = parseArgs({ options });
    const { data, error } = flags.safeParse(values);
    if (data) return data;
    const faults = error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`);
    throw new Problem('INVALID_INPUT', { reason: `${faults.join('\n')}\n\n${usage}` });
  } catch (error) {
    if (error instanceof Problem || !(error instanceof Error)) throw error;
    throw new Problem('INVALID_INPUT', { reason: `${error.message}\n\n${usage}` }, error);
  }
}
