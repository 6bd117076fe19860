import { keysOf } from '#base/record.ts';
import { mediaInfoOf } from '#domain/files/media-info.ts';
import { changeColumns, changesOf, layoutColumns, layoutOf } from '#domain/uploads/recording.ts';
import { builder } from '#graph/builder.ts';
import { mutation, payloadType } from '#graph/mutation.ts';
import { clipField } from '#graph/payload-fields.ts';
import { shapes } from '#media/crop-plan.ts';
import { cropPlanFor } from './crop-plan.ts';
import { PlanInput } from './crop-plan-input.ts';
import { cutsOf } from './cuts-column.ts';
import { setCropPlan, setCropPlanInput } from './set-crop-plan.ts';
import { ShapeEnum, type ShapePlan, ShapePlanType } from './shape-plan.ts';

builder.prismaObjectField('Clip', 'cropPlans', (t) =>
  t.field({
    type: [ShapePlanType],
    description: 'Which part of the picture each shape shows; none for a recording without a picture.',
    select: {
      cuts: true,
      cropPlans: { select: { shape: true, origin: true, plan: true } },
      upload: {
        select: { sourceArtifact: { select: { media: true } }, layout: layoutColumns, analysis: changeColumns },
      },
    },
    resolve: ({ cuts, cropPlans: rows, upload }): ShapePlan[] => {
      const video = mediaInfoOf(upload.sourceArtifact?.media)?.video;
      if (!video) return [];
      const shown = { layout: layoutOf(upload.layout), changes: changesOf(upload.analysis), facts: { video } };
      const planning = { rows, cuts: cutsOf(cuts), recording: shown };
      return keysOf(shapes).map((shape) => ({
        shape,
        origin: rows.find((row) => row.shape === shape)?.origin ?? 'AUTOMATIC',
        plan: cropPlanFor(planning, shape),
      }));
    },
  }),
);

mutation('setCropPlan', {
  about: 'Choose which part of the picture one shape of a clip shows. Its files of that shape are stale from then on.',
  check: setCropPlanInput,
  perform: setCropPlan,
  payload: payloadType<{ clipId: string }>('SetCropPlanPayload', (t) => ({ clip: clipField(t) })),
  input: builder.inputType('SetCropPlanInput', {
    description: 'A shape of a clip and what it shows.',
    fields: (t) => ({
      clipId: t.id({ required: true, description: 'Which clip.' }),
      baseRevision: t.int({ required: true, description: 'The revision that the change is based on.' }),
      shape: t.field({ type: ShapeEnum, required: true, description: 'Which shape.' }),
      plan: t.field({ type: PlanInput, description: 'What it shows; without one the automatic plan is used again.' }),
    }),
  }),
});
