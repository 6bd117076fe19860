import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Tx } from '#base/database.ts';
import type { MediaFacts } from '#media/probe.ts';
import type { Bucket, ObjectStorage } from '#providers/object-storage.ts';
import { recipeVersion } from './recipe.ts';

/** Bytes that are in storage and whose row is not written yet. */
export interface StoredArtifact {
  readonly workspaceId: string;
  readonly uploadId: string;
  readonly artifactKey: string;
  readonly bucket: Bucket;
  readonly storageKey: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly media: MediaFacts | null;
}

/** sha256 (hex) over everything that decides the bytes; the order of names does not matter. */
export function artifactKey(decides: Readonly<Record<string, unknown>>): string {
  return createHash('sha256')
    .update(canonical({ ...decides, recipeVersion }))
    .digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`)
    .join(',')}}`;
}

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
  owner: { workspaceId: string; uploadId: string },
  made: {
    file: string;
    artifactKey: string;
    bucket: Bucket;
    /** The artifact's word in the layout `{workspaceId}/{uploadId}/{artifact}/{hash}.{ext}`. */
    artifact: string;
    ext: string;
    contentType: string;
    media?: MediaFacts;
    signal: AbortSignal;
  },
): Promise<StoredArtifact> {
  const storageKey = `${owner.workspaceId}/${owner.uploadId}/${made.artifact}/${made.artifactKey}.${made.ext}`;
  const [sha256, { size }] = await Promise.all([sha256Of(made.file, made.signal), stat(made.file)]);
  await storage.putFile({ bucket: made.bucket, key: storageKey }, made.file, {
    contentType: made.contentType,
    signal: made.signal,
  });
  return {
    workspaceId: owner.workspaceId,
    uploadId: owner.uploadId,
    artifactKey: made.artifactKey,
    bucket: made.bucket,
    storageKey,
    contentType: made.contentType,
    sizeBytes: size,
    sha256,
    media: made.media ?? null,
  };
}

/** Writes an artifact's row, or finds the one that has its key; returns its id. */
export async function saveArtifact(tx: Tx, stored: StoredArtifact): Promise<string> {
  const { media, ...row } = stored;
  const { id } = await tx.artifact.upsert({
    where: { workspaceId_artifactKey: { workspaceId: row.workspaceId, artifactKey: row.artifactKey } },
    create: { ...row, ...(media && { media: { ...media } }) },
    update: {},
    select: { id: true },
  });
  return id;
}

/** The artifact that the same key made before in this workspace, if any. */
export const knownArtifact = (
  tx: Tx,
  workspaceId: string,
  key: string,
): Promise<{ id: string; storageKey: string } | null> =>
  tx.artifact.findUnique({
    where: { workspaceId_artifactKey: { workspaceId, artifactKey: key } },
    select: { id: true, storageKey: true },
  });
