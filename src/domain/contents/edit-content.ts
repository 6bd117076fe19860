import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { spokenText } from '#domain/transcripts/spoken-lines.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { idOf } from '#graph/ids.ts';
import { tellWorkspace } from '#pipeline/activity.ts';
import { type HeldContent, withContent } from './content-of.ts';
import { bodyInput, editedBody } from './edited-body.ts';
import { retraced } from './retraced.ts';
import { addVersion, makeCurrent } from './versions.ts';

export const editContentInput = z.object({ contentId: idOf('Content'), baseVersion: z.int(), body: bodyInput });

/** A post after a change, and the version that is in force. */
export interface ChangedContent {
  readonly contentId: string;
  readonly versionId: string;
}

/**
 * Saves a person's edit as a new version and puts it in force; the same body again changes nothing. STALE_REVISION where
 * another version is in force than the person had before them, RULE_BROKEN for what the platform would not take.
 */
export async function editContent(
  { contentId: id, baseVersion, body: input }: z.output<typeof editContentInput>,
  viewer: Viewer,
  api: Api,
): Promise<ChangedContent> {
  return withContent(api, { viewer, id, name: 'editContent' }, async (tx, content) => {
    const { current } = content;
    requireBase(content, baseVersion);
    const body = editedBody(input, current.body);
    if (isDeepStrictEqual(body, current.body)) return { contentId: id, versionId: current.id };
    const { lines, language } = await spokenText(tx, content.uploadId);
    const sentences = retraced(body, { before: current.sentences, lines, language });
    const versionId = await addVersion(tx, content, { origin: 'EDITED', authorId: viewer.userId, body, sentences });
    return putInForce(tx, content, { versionId, authorId: viewer.userId });
  });
}

/** STALE_REVISION unless the version in force has this number. */
export function requireBase({ current }: HeldContent, baseVersion: number): void {
  if (current.number === baseVersion) return;
  throw new Problem('STALE_REVISION', { expectedRevision: baseVersion, currentRevision: current.number });
}

/** Puts a version that a person made in force, and tells the workspace. */
export async function putInForce(
  tx: Tx,
  { id, workspaceId }: HeldContent,
  { versionId, authorId }: { versionId: string; authorId: string },
): Promise<ChangedContent> {
  await makeCurrent(tx, id, versionId);
  await tellWorkspace(tx, {
    workspaceId,
    kind: 'CONTENT_EDITED',
    actorId: authorId,
    subject: { type: 'Content', id },
  });
  return { contentId: id, versionId };
}
