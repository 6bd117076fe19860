import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Tx } from '#base/database.ts';
import { digestOf } from '#base/digest.ts';
import { Problem } from '#base/problem.ts';
import type { RetentionClass } from '#generated/prisma/enums.ts';
import type { MediaFacts } from '#media/probe.ts';
import { recipeVersion } from '#pipeline/recipe.ts';
import type { Bucket, ObjectStorage } from '#providers/object-storage.ts';
import { type Consumption, charge, type StoredBytes, storing } from '#usage/ledger.ts';

/** Bytes that are in storage and whose row is not written yet. */
export interface StoredArtifact {
  readonly workspaceId: string;
  readonly uploadId: string;
  /** Null where a chore made them. */
  readonly runId: string | null;
  readonly stageRunId: string | null;
  readonly artifactKey: string;
  readonly bucket: Bucket;
  readonly storageKey: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly media: MediaFacts | null;
  /** How long the bytes are kept. */
  readonly retention: RetentionClass;
  /** What making it took, besides its bytes: charged with them, if they are really new. */
  readonly took: readonly Took[];
}

type Took = Pick<Consumption, 'unit' | 'quantity'>;

/** The stage run that makes an artifact of an upload; null for the ids of a chore. */
export interface Maker {
  readonly run: { readonly id: string | null; readonly workspaceId: string; readonly uploadId: string };
  readonly stageRunId: string | null;
}

/** sha256 (hex) over everything that decides the bytes; the order of names does not matter. */
export const artifactKey = (decides: Readonly<Record<string, unknown>>): string =>
  digestOf({ ...decides, recipeVersion });

/** sha256 (hex) of a local file, streamed. */
async function sha256Of(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}

/**
 * Puts a file into storage under the name its key gives, so that doing it twice writes the same object. The row is
 * written later, by `saveArtifact`, in the stage's commit.
 */
export async function storeArtifact(
  storage: ObjectStorage,
  { run, stageRunId }: Maker,
  made: {
    file: string;
    artifactKey: string;
    bucket: Bucket;
    /** The artifact's word in the layout `{workspaceId}/{uploadId}/{artifact}/{hash}.{ext}`. */
    artifact: string;
    ext: string;
    contentType: string;
    media?: MediaFacts;
    took?: readonly Took[];
    /** By default what was asked for: FINAL. */
    retention?: RetentionClass;
    signal: AbortSignal;
  },
): Promise<StoredArtifact> {
  const storageKey = `${run.workspaceId}/${run.uploadId}/${made.artifact}/${made.artifactKey}.${made.ext}`;
  const [sha256, { size }] = await Promise.all([sha256Of(made.file, made.signal), stat(made.file)]);
  await storage.putFile({ bucket: made.bucket, key: storageKey }, made.file, {
    contentType: made.contentType,
    signal: made.signal,
  });
  return {
    workspaceId: run.workspaceId,
    uploadId: run.uploadId,
    runId: run.id,
    stageRunId,
    artifactKey: made.artifactKey,
    bucket: made.bucket,
    storageKey,
    contentType: made.contentType,
    sizeBytes: size,
    sha256,
    media: made.media ?? null,
    took: made.took ?? [],
    retention: made.retention ?? 'FINAL',
  };
}

/**
 * Writes an artifact's row and charges what it took, or finds the row that has its key; returns its id. A row whose bytes
 * retention removed comes back with the new ones, which are charged once more. The row stays locked to the end of the
 * transaction, so that retention cannot come in between.
 */
export async function saveArtifact(tx: Tx, stored: StoredArtifact): Promise<string> {
  const columns = columnsOf(stored);
  const [fresh] = await tx.artifact.createManyAndReturn({ data: [columns], skipDuplicates: true, select });
  if (fresh) return chargeStored(tx, stored, fresh);
  const { workspaceId, artifactKey } = stored;
  const where = { workspaceId, artifactKey };
  const [known] = await tx.artifact.updateManyAndReturn({ where, data: { artifactKey }, select });
  // Erased with its upload just before it could be locked: the bytes in hand are the only ones now.
  if (!known) return saveArtifact(tx, stored);
  if (!known.removedAt) return known.id;
  const made = { ...columns, createdAt: new Date(), removedAt: null };
  await tx.artifact.update({ where: { id: known.id }, data: made, select: { id: true } });
  return chargeStored(tx, stored, { ...known, sizeBytes: stored.sizeBytes });
}

const select = { id: true, workspaceId: true, uploadId: true, sizeBytes: true, removedAt: true } as const;

function columnsOf({ media, took: _took, runId: _run, stageRunId: _stageRun, ...row }: StoredArtifact) {
  return { ...row, ...(media && { media: { ...media } }) };
}

async function chargeStored(tx: Tx, stored: StoredArtifact, row: StoredBytes): Promise<string> {
  const bytes = storing(row);
  const took = stored.took.map((one) => ({ ...one, key: `${bytes.key}:${one.unit}`, artifactId: row.id }));
  await charge(tx, stored, [bytes, ...took]);
  return row.id;
}

/**
 * Takes an artifact that was known before the work began, in the commit that refers to it. Throws INTERNAL, which is
 * tried again, where its bytes were removed meanwhile: the next attempt makes them.
 */
export async function keepArtifact(tx: Tx, id: string): Promise<string> {
  const kept = await tx.$queryRaw<unknown[]>`
    select 1 as kept from artifacts where id = ${id}::uuid and removed_at is null for key share`;
  if (kept.length === 0) throw new Problem('INTERNAL', { reason: 'the artifact to reuse was removed meanwhile' });
  return id;
}

/** The artifact that the same key made before in this workspace, if its bytes are still there. */
export const knownArtifact = (
  tx: Tx,
  workspaceId: string,
  key: string,
): Promise<{ id: string; storageKey: string } | null> =>
  tx.artifact.findUnique({
    where: { workspaceId_artifactKey: { workspaceId, artifactKey: key }, removedAt: null },
    select: { id: true, storageKey: true },
  });
