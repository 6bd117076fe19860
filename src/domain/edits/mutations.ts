import { TimeRangeInput } from '#domain/files/time-range.ts';
import { builder } from '#graph/builder.ts';
import { mutation, payloadType } from '#graph/mutation.ts';
import { type Edited, editTranscript, editTranscriptInput } from './edit-transcript.ts';
import { redoEdit, undoEdit, undoEditInput } from './undo-edit.ts';

const ReplaceText = builder.inputType('ReplaceTextInput', {
  description:
    'Replace the words of a segment. Words that stay keep their times; changed ones get those of what they replace.',
  fields: (t) => ({
    segmentId: t.id({ required: true, description: 'Which segment.' }),
    text: t.string({
      required: true,
      description: 'All of it, at most 5,000 characters and 500 words; empty takes it out.',
    }),
  }),
});

const SplitSegment = builder.inputType('SplitSegmentInput', {
  description: 'Split before the word at `atMs`.',
  fields: (t) => ({
    segmentId: t.id({ required: true, description: 'Which segment.' }),
    atMs: t.field({ type: 'Milliseconds', required: true, description: 'In the word, or in the pause before it.' }),
  }),
});

const MergeSegments = builder.inputType('MergeSegmentsInput', {
  description: 'Join neighbours of at most 500 words; the first one stays, and who spoke it.',
  fields: (t) => ({ segmentIds: t.idList({ required: true, description: 'Two or more in a row.' }) }),
});

const SetSpeaker = builder.inputType('SetSpeakerInput', {
  description: 'Say who speaks.',
  fields: (t) => ({
    segmentIds: t.idList({ required: true, description: 'In these segments.' }),
    speakerId: t.id({ required: true, description: 'A speaker of the transcript.' }),
  }),
});

const RenameSpeaker = builder.inputType('RenameSpeakerInput', {
  description: 'Give a speaker a name.',
  fields: (t) => ({
    speakerId: t.id({ required: true, description: 'Which speaker.' }),
    displayName: t.string({ required: true, description: 'At most 100 characters.' }),
  }),
});

const SetSegmentRange = builder.inputType('SetSegmentRangeInput', {
  description: 'Move the bounds of a segment, as far as its neighbours. Moved as a whole its words move along.',
  fields: (t) => ({
    segmentId: t.id({ required: true, description: 'Which segment.' }),
    range: t.field({ type: TimeRangeInput, required: true, description: 'Where it is said.' }),
  }),
});

const Operation = builder.inputType('TranscriptOperationInput', {
  isOneOf: true,
  description: 'Exactly one correction.',
  fields: (t) => ({
    replaceText: t.field({ type: ReplaceText, description: 'Say what was really said.' }),
    splitSegment: t.field({ type: SplitSegment, description: 'Make two of one.' }),
    mergeSegments: t.field({ type: MergeSegments, description: 'Make one of several.' }),
    setSpeaker: t.field({ type: SetSpeaker, description: 'Say who speaks.' }),
    renameSpeaker: t.field({ type: RenameSpeaker, description: 'Give a speaker a name.' }),
    setRange: t.field({ type: SetSegmentRange, description: 'Say when it was said.' }),
  }),
});

const editedPayload = (name: string) =>
  payloadType<Edited>(name, (t) => ({
    transcript: t.prismaField({
      type: 'Transcript',
      nullable: true,
      description: 'The transcript as it is now.',
      resolve: (...[query, { transcriptId }, , { api }]) => {
        const selected = { ...query };
        return transcriptId
          ? api.database.prisma.transcript.findUnique({ ...selected, where: { id: transcriptId } })
          : null;
      },
    }),
    edit: t.prismaField({
      type: 'TranscriptEdit',
      nullable: true,
      description: 'What was written down; null where nothing would have changed.',
      resolve: (...[query, { editId }, , { api }]) => {
        const selected = { ...query };
        return editId ? api.database.prisma.transcriptEdit.findUnique({ ...selected, where: { id: editId } }) : null;
      },
    }),
    changedSegments: t.prismaField({
      type: ['TranscriptSegment'],
      nullable: true,
      description: 'The segments that were written, in order.',
      resolve: (...[query, { changedIds }, , { api }]) => {
        const selected = { ...query, orderBy: { position: 'asc' as const } };
        return changedIds
          ? api.database.prisma.transcriptSegment.findMany({ ...selected, where: { id: { in: [...changedIds] } } })
          : null;
      },
    }),
  }));

mutation('editTranscript', {
  about: 'Apply corrections on top of a known revision, all or none. What was made of the changed words becomes stale.',
  check: editTranscriptInput,
  perform: editTranscript,
  payload: editedPayload('EditTranscriptPayload'),
  input: builder.inputType('EditTranscriptInput', {
    description: 'Corrections of a transcript, each on top of the one before.',
    fields: (t) => ({
      transcriptId: t.id({ required: true, description: 'Which transcript.' }),
      baseRevision: t.int({ required: true, description: 'The revision that they are meant for.' }),
      operations: t.field({
        type: [Operation],
        required: true,
        description: '1 to 200, naming at most 2,000 segments and with 100,000 characters in all.',
      }),
    }),
  }),
});

const taking = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      transcriptId: t.id({ required: true, description: 'Which transcript.' }),
      baseRevision: t.int({ required: true, description: 'The revision that the caller has seen.' }),
    }),
  });

mutation('undoTranscriptEdit', {
  about:
    'Take the newest edit that stands back, as a new revision. The last hundred can be taken back, fewer where they are very large.',
  check: undoEditInput,
  perform: undoEdit,
  payload: editedPayload('UndoTranscriptEditPayload'),
  input: taking('UndoTranscriptEditInput', 'A transcript whose newest edit is to be taken back.'),
});

mutation('redoTranscriptEdit', {
  about: 'Take the newest undo back; not once something else was edited after it.',
  check: undoEditInput,
  perform: redoEdit,
  payload: editedPayload('RedoTranscriptEditPayload'),
  input: taking('RedoTranscriptEditInput', 'A transcript whose newest undo is to be taken back.'),
});
