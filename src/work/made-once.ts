import type { Tx } from '#base/database.ts';
import {
  keepArtifact,
  knownArtifact,
  type Maker,
  type StoredArtifact,
  saveArtifact,
  storeArtifact,
} from './artifacts.ts';
import type { StageContext } from './stage.ts';

/** An artifact that was there already, or one that is stored and still needs its row. */
export type Made = { readonly id: string } | { readonly stored: StoredArtifact };

type Wanted = Pick<Parameters<typeof storeArtifact>[2], 'bucket' | 'artifact' | 'ext' | 'contentType'> & {
  readonly key: string;
};

/** What is known of a file that was made. */
type Facts = Partial<Pick<StoredArtifact, 'media' | 'took'>>;

/** What making takes of a stage's context, or of a chore. */
export type Making = Maker & Pick<StageContext, 'worker' | 'folder' | 'signal' | 'reserve'>;

/** Takes what the key made before in this workspace, or makes the file and puts it into storage. */
export async function madeOnce(context: Making, wanted: Wanted, make: (file: string) => Promise<Facts>): Promise<Made> {
  const made = await madeTogether(context, [wanted], ([missing]) => Promise.all(missing ? [make(missing.file)] : []));
  const [one] = made.values();
  if (!one) throw new TypeError(`nothing was made under ${wanted.key}`);
  return one;
}

/** A file that is not there yet. */
export interface Missing<W> {
  readonly wanted: W;
  /** Where it is to be written. */
  readonly file: string;
}

/**
 * Takes what the keys made before in this workspace, makes what is missing at one go, each key once, and puts it into
 * storage. `make` gives the facts of the missing files in their order. Answers by key.
 */
export async function madeTogether<W extends Wanted>(
  context: Making,
  wanted: readonly W[],
  make: (missing: readonly Missing<W>[]) => Promise<readonly Facts[]>,
): Promise<ReadonlyMap<string, Made>> {
  const made = new Map<string, Made>();
  const missing: Missing<W>[] = [];
  for (const one of new Map(wanted.map((each) => [each.key, each])).values()) {
    const known = await knownArtifact(context.worker.database.prisma, context.run.workspaceId, one.key);
    if (known) made.set(one.key, known);
    else missing.push({ wanted: one, file: context.folder.file(`${one.artifact}-${one.key}.${one.ext}`) });
  }
  if (missing.length === 0) return made;
  await context.reserve();
  const facts = await make(missing);
  for (const [at, { wanted: place, file }] of missing.entries())
    made.set(place.key, { stored: await stored(context, { place, file, facts: facts[at] ?? {} }) });
  return made;
}

function stored(
  context: Making,
  { place, file, facts }: { place: Wanted; file: string; facts: Facts },
): Promise<StoredArtifact> {
  const { key, bucket, artifact, ext, contentType } = place;
  const { media, took = [] } = facts;
  const { signal } = context;
  const made = { bucket, artifact, ext, contentType, file, artifactKey: key, signal, took, ...(media && { media }) };
  return storeArtifact(context.worker.storage, context, made);
}

/** The row of what was made, in the stage's commit. */
export const rowOf = (tx: Tx, made: Made): Promise<string> =>
  'id' in made ? keepArtifact(tx, made.id) : saveArtifact(tx, made.stored);
