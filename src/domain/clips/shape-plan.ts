import type { PlanOrigin } from '#generated/prisma/enums.ts';
import { builder } from '#graph/builder.ts';
import type { CropPlan, PlanOf, Rectangle, Shape } from '#media/crop-plan.ts';

export const ShapeEnum = builder.enumType('Shape', {
  description: 'Form of a picture.',
  values: {
    LANDSCAPE: { description: '16:9.' },
    SQUARE: { description: '1:1.' },
    PORTRAIT: { description: '9:16.' },
  } satisfies Record<Shape, object>,
});

const Origin = builder.enumType('PlanOrigin', {
  description: 'Who made a plan.',
  values: {
    AUTOMATIC: { description: 'It follows from what was found in the picture.' },
    CHOSEN: { description: 'A person.' },
  } satisfies Record<PlanOrigin, object>,
});

const PicturePart = builder.objectRef<Rectangle>('PicturePart').implement({
  description: 'A part of the picture as it is shown, in pixels.',
  fields: (t) => ({
    x: t.exposeInt('x', { description: 'Its left edge.' }),
    y: t.exposeInt('y', { description: 'Its upper edge.' }),
    width: t.exposeInt('width', { description: 'How wide it is.' }),
    height: t.exposeInt('height', { description: 'How high it is.' }),
  }),
});

const aboutWithin = 'Of this part only, such as what lies between black bars; null means the whole picture.';

const Fit = builder.objectRef<PlanOf<'FIT'>>('FitPlan').implement({
  description: 'The whole picture: with bars in landscape, over its own blurred copy in upright shapes.',
  fields: (t) => ({
    within: t.expose('within', { type: PicturePart, nullable: true, description: aboutWithin }),
  }),
});

const Centre = builder.objectRef<PlanOf<'CENTRE'>>('CentrePlan').implement({
  description: 'The middle of the picture, as much of it as fills the frame.',
  fields: (t) => ({
    within: t.expose('within', { type: PicturePart, nullable: true, description: aboutWithin }),
  }),
});

const TrackKey = builder.objectRef<PlanOf<'TRACK'>['keys'][number]>('TrackKey').implement({
  description: 'Where the middle of a moving window is at a moment.',
  fields: (t) => ({
    atMs: t.expose('atMs', { type: 'Milliseconds', description: 'When, on the recording.' }),
    x: t.exposeInt('x', { description: 'Pixels from the left of the picture.' }),
    cut: t.exposeBoolean('cut', { description: 'Whether the window jumps here instead of moving here.' }),
  }),
});

const Track = builder.objectRef<PlanOf<'TRACK'>>('TrackPlan').implement({
  description: 'A window as high as the picture that moves across it.',
  fields: (t) => ({
    keys: t.expose('keys', { type: [TrackKey], description: 'In order of time; straight lines between them.' }),
    within: t.expose('within', { type: PicturePart, nullable: true, description: aboutWithin }),
  }),
});

const Stack = builder.objectRef<PlanOf<'STACK'>>('StackPlan').implement({
  description: 'Two parts, one above the other.',
  fields: (t) => ({
    upper: t.expose('upper', { type: PicturePart, description: 'Shown whole, such as slides.' }),
    lower: t.expose('lower', { type: PicturePart, description: 'Fills what is left, such as a camera.' }),
  }),
});

const refs = { FIT: Fit, CENTRE: Centre, TRACK: Track, STACK: Stack };

const Plan = builder.unionType('CropPlan', {
  description: 'Which part of the picture is shown.',
  types: Object.values(refs),
  resolveType: ({ kind }) => refs[kind],
});

export interface ShapePlan {
  readonly shape: Shape;
  readonly origin: PlanOrigin;
  readonly plan: CropPlan;
}

export const ShapePlanType = builder.objectRef<ShapePlan>('ShapePlan').implement({
  description: 'What one shape of a clip shows.',
  fields: (t) => ({
    shape: t.expose('shape', { type: ShapeEnum, description: 'Of which shape.' }),
    origin: t.expose('origin', { type: Origin, description: 'Who made it.' }),
    plan: t.expose('plan', { type: Plan, description: 'The plan.' }),
  }),
});
