import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { amended } from './amend.ts';
import { changeBetween, isEmpty, segmentsOf } from './change.ts';
import { transcriptBase, withTranscript } from './held-transcript.ts';
import { charactersIn, operation, segmentsNamed, summaryOf } from './operation.ts';
import { stretchAround } from './stretch.ts';
import { writeEdit } from './write-edit.ts';

/** Twenty of the longest texts, two hours of speech. */
const mostCharacters = 100_000;

/** Written at once they are 22,000 bind values; a statement takes 32,767. */
const mostSegments = 2_000;

export const editTranscriptInput = transcriptBase.extend({
  operations: z
    .array(operation)
    .min(1, 'Name at least one.')
    .max(200, 'At most 200 at a time.')
    .refine((all) => charactersIn(all) <= mostCharacters, 'At most 100,000 characters in all.')
    .refine((all) => segmentsNamed(all).length <= mostSegments, 'At most 2,000 segments in all.'),
});

/** What became of a transcript; no edit where nothing would have changed. */
export interface Edited {
  readonly transcriptId: string;
  readonly editId: string | null;
  /** Ids of the segments that were written, in order. */
  readonly changedIds: readonly string[];
}

/** Corrects a transcript, all operations or none, and marks stale what was made of it in the same commit. */
export async function editTranscript(
  { operations, ...base }: z.output<typeof editTranscriptInput>,
  viewer: Viewer,
  api: Api,
): Promise<Edited> {
  return withTranscript(api, { viewer, base, name: 'editTranscript' }, async (tx, transcript) => {
    const draft = await stretchAround(tx, transcript, segmentsNamed(operations));
    const after = amended(draft, operations);
    const change = changeBetween(draft, after);
    if (isEmpty(change)) return { transcriptId: transcript.id, editId: null, changedIds: [] };
    if (transcript.segments + after.segments.length === draft.segments.length)
      throw new Problem('INVALID_INPUT', { reason: 'A transcript keeps at least one sentence.' });
    const facts = { undoesId: null, isUndo: false, authorId: viewer.userId };
    const editId = await writeEdit(tx, transcript, { change, summary: summaryOf(operations), operations, ...facts });
    return { transcriptId: transcript.id, editId, changedIds: segmentsOf(change.after).map(({ id }) => id) };
  });
}
