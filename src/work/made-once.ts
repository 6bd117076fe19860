import type { Tx } from '#base/database.ts';
import { keepArtifact, knownArtifact, type StoredArtifact, saveArtifact, storeArtifact } from './artifacts.ts';
import type { StageContext } from './stage.ts';

/** An artifact that was there already, or one that is stored and still needs its row. */
export type Made = { readonly id: string } | { readonly stored: StoredArtifact };

type Wanted = Pick<Parameters<typeof storeArtifact>[2], 'bucket' | 'artifact' | 'ext' | 'contentType'> & {
  readonly key: string;
};

/** Takes what the key made before in this workspace, or makes the file and puts it into storage. */
export async function madeOnce(
  context: StageContext,
  wanted: Wanted,
  make: (file: string) => Promise<Partial<Pick<StoredArtifact, 'media' | 'took'>>>,
): Promise<Made> {
  const { key, ...place } = wanted;
  const known = await knownArtifact(context.worker.database.prisma, context.run.workspaceId, key);
  if (known) return known;
  const file = context.folder.file(`${place.artifact}.${place.ext}`);
  await context.reserve();
  const { media, took = [] } = await make(file);
  const { signal } = context;
  const made = { ...place, file, artifactKey: key, signal, took, ...(media && { media }) };
  return { stored: await storeArtifact(context.worker.storage, context, made) };
}

/** The row of what was made, in the stage's commit. */
export const rowOf = (tx: Tx, made: Made): Promise<string> =>
  'id' in made ? keepArtifact(tx, made.id) : saveArtifact(tx, made.stored);
