import type { Tx } from '#base/database.ts';
import type { ContentOrigin } from '#generated/prisma/enums.ts';
import type { Composed } from './compose.ts';

/** A version to be written. */
interface NewVersion extends Composed {
  readonly origin: ContentOrigin;
  /** The person who wrote or restored it. */
  readonly authorId?: string;
  /** Which language model wrote it, and the key of everything that decided it. */
  readonly provider?: string;
  readonly artifactKey?: string;
}

/** Writes the next version of a post, in the turn of its upload; gives its id. It is not in force yet. */
export async function addVersion(
  tx: Tx,
  { id: contentId, workspaceId }: { readonly id: string; readonly workspaceId: string },
  { body, sentences, ...facts }: NewVersion,
): Promise<string> {
  const newest = await tx.contentVersion.aggregate({ where: { contentId }, _max: { number: true } });
  const number = (newest._max.number ?? 0) + 1;
  const { id } = await tx.contentVersion.create({
    data: { workspaceId, contentId, number, ...facts, body, sentences: [...sentences] },
    select: { id: true },
  });
  return id;
}

/** Puts a version in force. */
export async function makeCurrent(tx: Tx, contentId: string, versionId: string): Promise<void> {
  await tx.content.update({ where: { id: contentId }, data: { currentVersionId: versionId }, select: { id: true } });
}

/**
 * Puts a version that a run wrote in force, unless what is in force now is a person's: that gives way only to a run that
 * somebody started over that very version (`replaces`). Otherwise the run's version stands in the history.
 */
export async function offerVersion(
  tx: Tx,
  contentId: string,
  { versionId, replaces }: { readonly versionId: string; readonly replaces: string | null },
): Promise<void> {
  const { currentVersion } = await tx.content.findUniqueOrThrow({
    where: { id: contentId },
    select: { currentVersion: { select: { id: true, origin: true } } },
  });
  const isPersons = currentVersion !== null && currentVersion.origin !== 'GENERATED';
  if (!isPersons || currentVersion.id === replaces) await makeCurrent(tx, contentId, versionId);
}
