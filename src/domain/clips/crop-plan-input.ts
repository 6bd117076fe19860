import { builder } from '#graph/builder.ts';

const PartInput = builder.inputType('PicturePartInput', {
  description: 'A part of the picture as it is shown, in pixels; at least 16 a side, moved to even ones.',
  fields: (t) => ({
    x: t.int({ required: true, description: 'Its left edge.' }),
    y: t.int({ required: true, description: 'Its upper edge.' }),
    width: t.int({ required: true, description: 'How wide it is.' }),
    height: t.int({ required: true, description: 'How high it is.' }),
  }),
});

const WholeInput = builder.inputType('WithinPartInput', {
  description: 'Of what to show the whole or the middle.',
  fields: (t) => ({ within: t.field({ type: PartInput, description: 'By default the whole picture.' }) }),
});

const TrackKeyInput = builder.inputType('TrackKeyInput', {
  description: 'Where the middle of a moving window is at a moment.',
  fields: (t) => ({
    atMs: t.field({ type: 'Milliseconds', required: true, description: 'When, on the recording.' }),
    x: t.int({ required: true, description: 'Pixels from the left of the picture.' }),
    cut: t.boolean({ required: true, defaultValue: false, description: 'Jump here instead of moving here.' }),
  }),
});

const TrackInput = builder.inputType('TrackPlanInput', {
  description: 'A window as high as the picture that moves across it.',
  fields: (t) => ({
    keys: t.field({ type: [TrackKeyInput], required: true, description: '1 to 5,000, in order of time.' }),
    within: t.field({ type: PartInput, description: 'By default the whole picture.' }),
  }),
});

const StackInput = builder.inputType('StackPlanInput', {
  description: 'Two parts, one above the other.',
  fields: (t) => ({
    upper: t.field({ type: PartInput, required: true, description: 'Shown whole, such as slides.' }),
    lower: t.field({ type: PartInput, required: true, description: 'Fills what is left, such as a camera.' }),
  }),
});

const SightingInput = builder.inputType('SightingInput', {
  description: 'Where somebody was seen at a moment, such as by a detector of faces.',
  fields: (t) => ({
    atMs: t.field({ type: 'Milliseconds', required: true, description: 'When, on the recording.' }),
    x: t.int({ required: true, description: 'The middle of the head, in pixels from the left of the picture.' }),
  }),
});

const FollowInput = builder.inputType('FollowPlanInput', {
  description:
    'Who to follow. Becomes a `TrackPlan` that moves at most once a second, drops single wrong sightings and jumps at changes of scene.',
  fields: (t) => ({
    sightings: t.field({ type: [SightingInput], required: true, description: '1 to 2,400, in order of time.' }),
    within: t.field({ type: PartInput, description: 'By default the whole picture.' }),
  }),
});

export const PlanInput = builder.inputType('CropPlanInput', {
  description: 'Which part of the picture to show.',
  isOneOf: true,
  fields: (t) => ({
    fit: t.field({ type: WholeInput, description: 'All of it.' }),
    centre: t.field({ type: WholeInput, description: 'Its middle, as much as fills the frame.' }),
    track: t.field({ type: TrackInput, description: 'A window that moves across it.' }),
    follow: t.field({ type: FollowInput, description: 'A window that follows what was seen.' }),
    stack: t.field({ type: StackInput, description: 'Two parts, one above the other.' }),
  }),
});
