import type { Tx } from '#base/database.ts';
import { columnOf } from '#domain/transcripts/words.ts';
import { tellWorkspace } from '#pipeline/activity.ts';
import { type Change, type Side, segmentsOf, sideColumn } from './change.ts';
import type { HeldTranscript } from './held-transcript.ts';
import { forgetOldSteps } from './kept-steps.ts';
import type { Operation } from './operation.ts';
import { reviseDerived } from './revise-derived.ts';

/** An edit to be written. */
interface NewEdit {
  readonly change: Change;
  readonly summary: string;
  /** Empty for one that takes another one back. */
  readonly operations: readonly Operation[];
  readonly undoesId: string | null;
  readonly isUndo: boolean;
  readonly authorId: string;
}

/** Writes the next revision of a held transcript with its edit, and what follows from it for everything derived; gives the edit's id. */
export async function writeEdit(tx: Tx, transcript: HeldTranscript, edit: NewEdit): Promise<string> {
  const { id: transcriptId, workspaceId } = transcript;
  const { change, operations, ...facts } = edit;
  await writeSegments(tx, transcript, change);
  for (const { id, displayName } of change.after.speakers)
    await tx.speaker.update({ where: { id }, data: { displayName }, select: { id: true } });
  const words = wordsIn(change.after) - wordsIn(change.before);
  const { revision } = await tx.transcript.update({
    where: { id: transcriptId },
    data: { revision: { increment: 1 }, wordCount: { increment: words } },
    select: { revision: true },
  });
  const kept = { operations: [...operations], before: sideColumn(change.before), after: sideColumn(change.after) };
  const { id } = await tx.transcriptEdit.create({
    data: { workspaceId, transcriptId, revision, ...facts, ...kept },
    select: { id: true },
  });
  await forgetOldSteps(tx, transcriptId);
  await reviseDerived(tx, transcript, change);
  const subject = { type: 'Transcript', id: transcriptId };
  await tellWorkspace(tx, { workspaceId, kind: 'TRANSCRIPT_EDITED', actorId: edit.authorId, subject });
  return id;
}

const wordsIn = (side: Side): number => segmentsOf(side).reduce((sum, { words }) => sum + words.length, 0);

async function writeSegments(tx: Tx, { id: transcriptId, workspaceId }: HeldTranscript, change: Change): Promise<void> {
  const gone = segmentsOf(change.before).map(({ id }) => id);
  await tx.transcriptSegment.deleteMany({ where: { transcriptId, id: { in: gone } } });
  await moveRest(tx, transcriptId, change);
  await tx.transcriptSegment.createMany({
    data: change.after.hunks.flatMap(({ at, segments }) =>
      segments.map(({ words, ...segment }, place) => ({
        ...segment,
        workspaceId,
        transcriptId,
        position: at + place,
        words: columnOf(words),
      })),
    ),
  });
}

/** Closes and opens gaps in the positions. Two statements, because one would meet its own rows in the unique index. */
async function moveRest(tx: Tx, transcriptId: string, { before, after }: Change): Promise<void> {
  const ends = before.hunks.map(({ at, segments }) => at + segments.length);
  const more = before.hunks.map(({ segments }, at) => (after.hunks[at]?.segments.length ?? 0) - segments.length);
  const first = ends.find((_, at) => more[at] !== 0);
  if (first === undefined) return;
  await tx.$executeRaw`
    update transcript_segments set position = -1 - position
    where transcript_id = ${transcriptId}::uuid and position >= ${first}`;
  await tx.$executeRaw`
    update transcript_segments set position = -1 - position + (
      select coalesce(sum(more), 0) from unnest(${ends}::int[], ${more}::int[]) as moved (after, more)
      where moved.after <= -1 - position)
    where transcript_id = ${transcriptId}::uuid and position < 0`;
}
