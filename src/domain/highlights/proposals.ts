import { writeFile } from 'node:fs/promises';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import type { SpokenText } from '#domain/transcripts/spoken-lines.ts';
import type { ProposedMoment } from '#providers/language-model.ts';
import type { Runtime } from '#runtime.ts';
import { artifactKey, knownArtifact, type StoredArtifact, storeArtifact } from '#work/artifacts.ts';
import type { StageContext } from '#work/stage.ts';

const stored = z.array(
  z.object({
    firstLine: z.int(),
    lastLine: z.int(),
    title: z.string(),
    summary: z.string(),
    topics: z.array(z.string()),
    score: z.number(),
  }),
);

/** What a model proposes; null where the signals decide alone. `fresh` is stored and still needs its row. */
export interface Proposals {
  readonly moments: readonly ProposedMoment[] | null;
  readonly fresh: StoredArtifact | null;
}

/** Everything that decides what a model proposes. A run that was to ask again has another version of the text. */
export const proposalsKey = (decides: { model: string; text: string }): string =>
  artifactKey({ artifact: 'proposals', ...decides });

/**
 * A model's proposals for a text, asked for once: they depend on the text and the model only, so that another recipe
 * over the same recording chooses from the same ones. Throws PROVIDER_*.
 */
export async function proposalsOf(context: StageContext, spoken: SpokenText): Promise<Proposals> {
  const { worker, signal, folder, calls } = context;
  const { languageModel, storage } = worker;
  const key = proposalsKey({ model: languageModel.version, text: spoken.version });
  const known = await knownProposals(worker, { workspaceId: context.run.workspaceId, key, signal });
  if (known) return { moments: known, fresh: null };
  await context.reserve();
  const moments = await languageModel.proposeMoments(spoken.lines, { signal, calls });
  if (moments === null) return { moments, fresh: null };
  const file = folder.file('proposals.json');
  await writeFile(file, JSON.stringify(moments));
  const place = { bucket: 'transcripts', artifact: 'proposals', ext: 'json', contentType: 'application/json' } as const;
  const made = { ...place, file, artifactKey: key, signal, retention: 'INTERMEDIATE' } as const;
  return { moments, fresh: await storeArtifact(storage, context, made) };
}

/**
 * What was proposed under a key before in this workspace, or null. It may lie below another upload, and be erased with
 * it while it is read.
 */
export async function knownProposals(
  { database, storage }: Pick<Runtime, 'database' | 'storage'>,
  { workspaceId, key, signal }: { workspaceId: string; key: string; signal?: AbortSignal },
): Promise<ProposedMoment[] | null> {
  const known = await knownArtifact(database.prisma, workspaceId, key);
  if (!known) return null;
  try {
    const name = { bucket: 'transcripts', key: known.storageKey } as const;
    return stored.parse(await json(await storage.read(name, { ...(signal && { signal }) })));
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'NOT_FOUND') return null;
    throw thrown;
  }
}
