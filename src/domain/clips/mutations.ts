import { TimeRangeInput } from '#domain/files/time-range.ts';
import { builder } from '#graph/builder.ts';
import { mutation, payloadType } from '#graph/mutation.ts';
import { clipField, runField } from '#graph/payload-fields.ts';
import { captionFields, Preset } from '#graph/recipe-input.ts';
import { createClip, createClipInput } from './create-clip.ts';
import { renderClip, renderClipInput } from './render-clip.ts';
import { updateClip, updateClipInput } from './update-clip.ts';

const FreeClip = builder.inputType('FreeClipInput', {
  description: 'Free bounds on an upload.',
  fields: (t) => ({
    uploadId: t.id({ required: true, description: 'The recording; it must have a transcript.' }),
    range: t.field({
      type: TimeRangeInput,
      required: true,
      description: '1 second to 30 minutes; on whole frames, and never inside a word.',
    }),
  }),
});

const ClipSource = builder.inputType('ClipSourceInput', {
  isOneOf: true,
  description: 'Where a clip comes from.',
  fields: (t) => ({
    highlightId: t.id({ description: 'A highlight, from its start to its end.' }),
    free: t.field({ type: FreeClip, description: 'Bounds that a person chose.' }),
  }),
});

mutation('createClip', {
  about: 'Cut a clip from a highlight or from free bounds. One with the same cuts that is there already is the answer.',
  check: createClipInput,
  perform: createClip,
  payload: payloadType<{ clipId: string }>('CreateClipPayload', (t) => ({ clip: clipField(t) })),
  input: builder.inputType('CreateClipInput', {
    description: 'What to cut of which recording.',
    fields: (t) => ({
      source: t.field({ type: ClipSource, required: true, description: 'Where it comes from.' }),
      title: t.string({ description: "At most 200 characters; by default the highlight's, or its first words." }),
      removeSilences: t.boolean({ required: true, defaultValue: true, description: 'Leave long pauses out.' }),
      removeFillers: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Also leave out sounds of hesitation such as `um`, where pauses around them allow it.',
      }),
      idempotencyKey: t.string({ required: true, description: 'The same key makes one clip; 1 to 64 characters.' }),
    }),
  }),
});

mutation('updateClip', {
  about: 'Change title or bounds; with other bounds its renditions become stale.',
  check: updateClipInput,
  perform: updateClip,
  payload: payloadType<{ clipId: string }>('UpdateClipPayload', (t) => ({ clip: clipField(t) })),
  input: builder.inputType('UpdateClipInput', {
    description: 'What to change of a clip.',
    fields: (t) => ({
      clipId: t.id({ required: true, description: 'Which clip.' }),
      baseRevision: t.int({ required: true, description: 'The revision that the caller has seen.' }),
      title: t.string({ description: 'A new title, at most 200 characters.' }),
      range: t.field({
        type: TimeRangeInput,
        description: 'New bounds, 1 second to 30 minutes, on whole frames and never inside a word; not of a reel.',
      }),
    }),
  }),
});

mutation('renderClip', {
  about: 'Encode a clip in the given shapes; what is there already and not stale is reused.',
  check: renderClipInput,
  perform: renderClip,
  payload: payloadType<{ clipId: string; runId: string; replayed: boolean }>('RenderClipPayload', (t) => ({
    clip: clipField(t),
    run: runField(t),
    replayed: t.boolean({
      description: 'True when the key had been used for this same request.',
      resolve: (payload) => payload.replayed ?? false,
    }),
  })),
  input: builder.inputType('RenderClipInput', {
    description: 'Which clip in which shapes.',
    fields: (t) => ({
      clipId: t.id({ required: true, description: 'Which clip.' }),
      presets: t.field({ type: [Preset], required: true, description: 'One rendition for each.' }),
      ...captionFields(t),
      idempotencyKey: t.string({ required: true, description: 'The same key starts one run; 1 to 64 characters.' }),
    }),
  }),
});
