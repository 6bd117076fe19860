import type { z } from 'zod';
import type { Database } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import { recipeVersion } from '#pipeline/recipe.ts';
import { workerFacts } from '#work/worker-heartbeat.ts';

/** The versions of the tools and models that workers make things with. */
export type Versions = Omit<z.output<typeof workerFacts>, 'recipeVersion'>;

/**
 * What the worker that started last makes things with, of those that live; of none that lives, the one heard of last.
 * Null where no worker has been heard of, or only ones of another version of recipes: nothing is known then.
 */
export async function versionsOf(
  { prisma }: Database,
  { WORKER_SILENT_MS }: Pick<Env, 'WORKER_SILENT_MS'>,
): Promise<Versions | null> {
  const [row] = await prisma.$queryRaw<{ facts: unknown }[]>`
    select facts from workers
    order by heartbeat_at > clock_timestamp() - ${WORKER_SILENT_MS}::int * interval '1 ms' desc, started_at desc
    limit 1`;
  const facts = workerFacts.safeParse(row?.facts).data;
  return facts?.recipeVersion === recipeVersion ? facts : null;
}
