import { builder } from '#graph/builder.ts';
import { mutation, payloadType } from '#graph/mutation.ts';
import { runField } from '#graph/payload-fields.ts';
import { RecipeInput } from '#graph/recipe-input.ts';
import { cancelRunInput, cancelVisibleRun } from './cancel-run.ts';
import { dismissStageRun, dismissStageRunInput } from './dismiss-stage-run.ts';
import { retryRunInput, retryVisibleRun } from './retry-run.ts';
import { startRun, startRunInput } from './start-run.ts';

const startedPayload = (name: string) =>
  payloadType<{ runId: string; replayed: boolean }>(name, (t) => ({
    run: runField(t),
    replayed: t.boolean({
      description: 'True when the key had been used for this same request.',
      resolve: (payload) => payload.replayed ?? false,
    }),
  }));

mutation('startRun', {
  about: 'Start a recipe on an upload.',
  check: startRunInput,
  perform: startRun,
  payload: startedPayload('StartRunPayload'),
  input: builder.inputType('StartRunInput', {
    description: 'What to make of which recording.',
    fields: (t) => ({
      uploadId: t.id({ required: true, description: 'The recording; its bytes must have arrived.' }),
      recipe: t.field({ type: RecipeInput, required: true, description: 'What to make.' }),
      fresh: t.boolean({
        required: true,
        defaultValue: false,
        description:
          'Ask models again instead of using remembered answers; a transcript made again replaces its corrections.',
      }),
      idempotencyKey: t.string({ required: true, description: 'The same key starts one run; 1 to 64 characters.' }),
    }),
  }),
});

mutation('cancelRun', {
  about: 'Stop a run; artifacts already made stay.',
  check: cancelRunInput,
  perform: cancelVisibleRun,
  payload: payloadType<{ runId: string }>('CancelRunPayload', (t) => ({ run: runField(t) })),
  input: builder.inputType('CancelRunInput', {
    description: 'A run that is not final.',
    fields: (t) => ({ runId: t.id({ required: true, description: 'Which one.' }) }),
  }),
});

mutation('retryRun', {
  about: 'Run what failed or was canceled again, as a new run that keeps the rest.',
  check: retryRunInput,
  perform: retryVisibleRun,
  payload: startedPayload('RetryRunPayload'),
  input: builder.inputType('RetryRunInput', {
    description: 'A run that ended without everything it was to make.',
    fields: (t) => ({
      runId: t.id({ required: true, description: 'Which one.' }),
      stageRunIds: t.idList({
        description:
          'Only these of its failed or canceled stages: what else failed stays failed in the new run, what else was canceled is skipped. By default all.',
      }),
      idempotencyKey: t.string({ required: true, description: 'The same key starts one run; 1 to 64 characters.' }),
    }),
  }),
});

mutation('dismissStageRun', {
  about: 'Take a failed stage off the list of those that somebody must look at; it stays failed.',
  check: dismissStageRunInput,
  perform: dismissStageRun,
  payload: payloadType<{ stageRunId: string }>('DismissStageRunPayload', (t) => ({
    stageRun: t.prismaField({
      type: 'StageRun',
      nullable: true,
      description: 'The stage run as it is now.',
      resolve: (...[query, { stageRunId }, , { api }]) => {
        const selected = { ...query };
        return stageRunId ? api.database.prisma.stageRun.findUnique({ ...selected, where: { id: stageRunId } }) : null;
      },
    }),
  })),
  input: builder.inputType('DismissStageRunInput', {
    description: 'A stage that failed.',
    fields: (t) => ({ stageRunId: t.id({ required: true, description: 'Which one.' }) }),
  }),
});
