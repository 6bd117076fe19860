import { Problem } from '#base/problem.ts';
import { builder } from '#graph/builder.ts';
import { signedIn } from '#graph/context.ts';
import { ApiError, apiErrorsFrom } from '#graph/errors.ts';
import { rowIdOf } from '#graph/ids.ts';
import { weighing } from '#graph/limits-size.ts';
import { RecipeInput, recipeInput } from '#graph/recipe-input.ts';
import { StageEnum } from '#graph/stage-enum.ts';
import { stageEnum } from '#pipeline/stages.ts';
import { planRun, type RunPlan } from './plan-run.ts';
import type { StagePlan } from './stage-plan.ts';

const Action = builder.enumType('StageAction', {
  description: 'What a run will do for a stage.',
  values: {
    REUSE: { description: 'All of it is there: nothing is encoded and no model is asked.' },
    COMPUTE: { description: 'All or some of it must be made.' },
  } as const,
});

const Stage = builder.objectRef<StagePlan>('StagePlan').implement({
  description: 'What a run will do for one stage.',
  fields: (t) => ({
    stage: t.field({ type: StageEnum, description: 'Which stage.', resolve: ({ stage }) => stageEnum(stage) }),
    action: t.field({
      type: Action,
      description: 'Whether anything of it must be made.',
      resolve: ({ count, reused }) => (reused >= count ? 'REUSE' : 'COMPUTE'),
    }),
    count: t.exposeInt('count', {
      description: 'Pieces of work, such as renditions; an upper bound while the highlights are not chosen.',
    }),
    reused: t.exposeInt('reused', { description: 'Those of them that are there already.' }),
    estimatedSeconds: t.int({
      nullable: true,
      description: 'Rough; of what must be made. Null while the length of the recording is not known.',
      resolve: ({ estimate }) => estimate?.seconds ?? null,
    }),
    estimatedCostMicros: t.float({
      nullable: true,
      description: 'Rough, in millionths of a US dollar. Null while the length of the recording is not known.',
      resolve: ({ estimate }) => estimate?.costMicros ?? null,
    }),
  }),
});

const Plan = builder.objectRef<RunPlan>('RunPlan').implement({
  description: 'What a run would do if it started now.',
  fields: (t) => ({
    stages: t.field({
      type: [Stage],
      description: 'Its stages, in the order of the pipeline.',
      resolve: ({ stages }) => [...stages],
    }),
    estimatedSeconds: t.int({
      nullable: true,
      description: 'Of all stages, one after the other; some work beside each other. Null where one is null.',
      resolve: ({ stages }) => sumOf(stages, 'seconds'),
    }),
    estimatedCostMicros: t.float({
      nullable: true,
      description: 'Of all stages, in millionths of a US dollar. Null where one is null.',
      resolve: ({ stages }) => sumOf(stages, 'costMicros'),
    }),
    refusal: t.field({
      type: ApiError,
      nullable: true,
      description: 'What `startRun` would answer instead: a `QuotaError`, or that the upload is not ready.',
      resolve: ({ refusal }) => (refusal ? (apiErrorsFrom(refusal)[0] ?? null) : null),
    }),
  }),
});

function sumOf(stages: readonly StagePlan[], what: 'seconds' | 'costMicros'): number | null {
  const known = stages.flatMap(({ estimate }) => (estimate ? [estimate[what]] : []));
  return known.length < stages.length ? null : known.reduce((sum, one) => sum + one, 0);
}

builder.queryField('planRun', (t) =>
  t.field({
    type: Plan,
    nullable: true,
    description: 'What a run would reuse and compute, and what that would take; null for an upload that is not there.',
    authScopes: { signedIn: true },
    // It reads and weighs a whole transcript, in 4 to 6 s for one of three hours: once a request.
    extensions: weighing(2_600),
    args: {
      uploadId: t.arg.id({ required: true, description: 'The recording.' }),
      recipe: t.arg({ type: RecipeInput, required: true, description: 'What would be made.' }),
      fresh: t.arg.boolean({
        required: true,
        defaultValue: false,
        description:
          'Ask models again instead of using remembered answers; a transcript made again replaces its corrections.',
      }),
    },
    resolve: async (_root, { uploadId: globalId, recipe, fresh }, context) => {
      const checked = recipeInput.safeParse(recipe);
      if (!checked.success) throw new Problem('INVALID_INPUT', { reason: faultOf(checked.error.issues[0]) });
      const uploadId = rowIdOf('Upload', globalId);
      return uploadId === null
        ? null
        : planRun(context.api, signedIn(context), { uploadId, recipe: checked.data, fresh });
    },
  }),
);

/** A query has no payload for several faults: the first one, with its place. */
const faultOf = (issue: { path: PropertyKey[]; message: string } | undefined): string =>
  ['recipe', ...(issue?.path ?? []).map(String)].join('.') + `: ${issue?.message ?? 'not valid'}`;
