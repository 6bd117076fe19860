import type { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { type Change, segmentsOf, sideOf } from './change.ts';
import type { Edited } from './edit-transcript.ts';
import { transcriptBase, withTranscript } from './held-transcript.ts';
import { type PastEdit, redoable, undoable } from './history.ts';
import { writeEdit } from './write-edit.ts';

export const undoEditInput = transcriptBase;

type Base = z.output<typeof undoEditInput>;

/** Takes the newest edit that stands back, as a new revision. INVALID_STATE where there is none. */
export const undoEdit = (base: Base, viewer: Viewer, api: Api): Promise<Edited> =>
  takeBack(api, { base, viewer, name: 'undoTranscriptEdit', pick: undoable, word: 'Undo' });

/** Takes the newest undo back. INVALID_STATE where there is none, or something was edited after it. */
export const redoEdit = (base: Base, viewer: Viewer, api: Api): Promise<Edited> =>
  takeBack(api, { base, viewer, name: 'redoTranscriptEdit', pick: redoable, word: 'Redo' });

interface TakingBack {
  readonly base: Base;
  readonly viewer: Viewer;
  readonly name: 'undoTranscriptEdit' | 'redoTranscriptEdit';
  readonly pick: (edits: readonly PastEdit[], revision: number) => string | null;
  readonly word: 'Undo' | 'Redo';
}

const takeBack = (api: Api, { pick, word, viewer, ...named }: TakingBack): Promise<Edited> =>
  withTranscript(api, { viewer, ...named }, async (tx, transcript) => {
    const { id: transcriptId, revision } = transcript;
    const edits = await tx.transcriptEdit.findMany({
      where: { transcriptId, before: { not: Prisma.AnyNull } },
      orderBy: { revision: 'desc' },
      select: { id: true, revision: true, undoesId: true, isUndo: true },
    });
    const undoesId = pick(edits, revision);
    if (undoesId === null) throw new Problem('INVALID_STATE', { reason: `There is nothing to ${word.toLowerCase()}.` });
    const taken = await tx.transcriptEdit.findUniqueOrThrow({
      where: { id: undoesId },
      select: { before: true, after: true, summary: true },
    });
    const change: Change = { before: sideOf(taken.after), after: sideOf(taken.before) };
    const summary = `${word}: ${taken.summary.replace(/^(?:Undo|Redo): /, '')}`;
    const facts = { summary, operations: [], undoesId, isUndo: word === 'Undo', authorId: viewer.userId };
    const editId = await writeEdit(tx, transcript, { change, ...facts });
    return { transcriptId, editId, changedIds: segmentsOf(change.after).map(({ id }) => id) };
  });
