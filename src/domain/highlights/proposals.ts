import { writeFile } from 'node:fs/promises';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import type { SpokenText } from '#domain/transcripts/spoken-lines.ts';
import type { Proposal } from '#providers/language-model.ts';
import type { Runtime } from '#runtime.ts';
import { artifactKey, knownArtifact, type StoredArtifact, storeArtifact } from '#work/artifacts.ts';
import type { StageContext } from '#work/stage.ts';

const mark = z.number().min(0).max(25);
const stored = z.object({
  moments: z.array(
    z.object({
      firstLine: z.int(),
      lastLine: z.int(),
      title: z.string(),
      summary: z.string(),
      topics: z.array(z.string()),
      marks: z.object({ hook: mark, standsAlone: mark, payoff: mark, novelty: mark }),
    }),
  ),
  subjects: z.array(z.object({ line: z.int(), title: z.string() })),
});

/** What a model proposes; null where the signals decide alone. `fresh` is stored and still needs its row. */
interface Proposed {
  readonly proposal: Proposal | null;
  readonly fresh: StoredArtifact | null;
}

/** Everything that decides what a model proposes. A run that was to ask again has another version of the text. */
export const proposalKey = (decides: { model: string; text: string }): string =>
  artifactKey({ artifact: 'proposal', ...decides });

/**
 * A model's proposals for a text, asked for once: they depend on the text and the model only, so that another recipe
 * over the same recording chooses from the same ones. Throws PROVIDER_*.
 */
export async function proposalOf(context: StageContext, spoken: SpokenText): Promise<Proposed> {
  const { worker, signal, folder, calls } = context;
  const { languageModel, storage } = worker;
  const key = proposalKey({ model: languageModel.version, text: spoken.version });
  const known = await knownProposal(worker, { workspaceId: context.run.workspaceId, key, signal });
  if (known) return { proposal: known, fresh: null };
  await context.reserve();
  const proposal = await languageModel.propose(spoken.lines, { signal, calls });
  if (proposal === null) return { proposal, fresh: null };
  const file = folder.file('proposal.json');
  await writeFile(file, JSON.stringify(proposal));
  const place = { bucket: 'transcripts', artifact: 'proposal', ext: 'json', contentType: 'application/json' } as const;
  const made = { ...place, file, artifactKey: key, signal, retention: 'INTERMEDIATE' } as const;
  return { proposal, fresh: await storeArtifact(storage, context, made) };
}

/**
 * What was proposed under a key before in this workspace, or null. It may lie below another upload, and be erased with
 * it while it is read.
 */
export async function knownProposal(
  { database, storage }: Pick<Runtime, 'database' | 'storage'>,
  { workspaceId, key, signal }: { workspaceId: string; key: string; signal?: AbortSignal },
): Promise<Proposal | null> {
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
