import { Upload } from '#domain/uploads/graph.ts';
import { Workspace } from '#domain/workspaces/graph.ts';
import type { RunStatus, WorkStatus } from '#generated/prisma/enums.ts';
import { builder, connectionOf, owned } from '#graph/builder.ts';
import { FailureType, shownFailure } from '#graph/errors.ts';
import { eventCursor } from '#graph/ids.ts';
import { mutation, payloadType } from '#graph/mutation.ts';
import { runField } from '#graph/payload-fields.ts';
import { RecipeInput } from '#graph/recipe-input.ts';
import { StageEnum } from '#graph/stage-enum.ts';
import { isFinal } from '#pipeline/progress.ts';
import { stageEnum, stageNamed } from '#pipeline/stages.ts';
import { cancelRunInput, cancelVisibleRun } from './cancel-run.ts';
import { startRun, startRunInput } from './start-run.ts';

export const RunStatusEnum = builder.enumType('RunStatus', {
  description: 'State of a run. PARTIAL: some optional outputs failed, the rest are usable.',
  values: {
    QUEUED: { description: 'Waits for a worker.' },
    RUNNING: { description: 'A worker is on it.' },
    WAITING: { description: 'Waits for another attempt after a passing fault.' },
    SUCCEEDED: { description: 'Everything asked for is there. Final.' },
    PARTIAL: { description: 'Some optional outputs failed. Final.' },
    FAILED: { description: 'Nothing usable came out. Final.' },
    CANCELED: { description: 'Somebody stopped it; what was made stays. Final.' },
  } satisfies Record<RunStatus, object>,
});

export const WorkStatusEnum = builder.enumType('WorkStatus', {
  description: 'State of a unit of work. FAILED, CANCELED, SKIPPED and SUCCEEDED are final.',
  values: {
    QUEUED: { description: 'Waits for a worker.' },
    RUNNING: { description: 'A worker is on it.' },
    WAITING: { description: 'Waits for another attempt after a passing fault.' },
    SUCCEEDED: { description: 'Done.' },
    FAILED: { description: 'Given up; `failure` says why.' },
    CANCELED: { description: 'Stopped by somebody.' },
    SKIPPED: { description: 'Not needed.' },
  } satisfies Record<WorkStatus, object>,
});

builder.prismaNode('StageRun', {
  ...owned,
  description: 'One stage for one subject within a run.',
  fields: (t) => ({
    stage: t.field({
      type: StageEnum,
      select: { stage: true },
      description: 'Which stage.',
      resolve: ({ stage }) => stageEnum(stageNamed(stage)),
    }),
    subject: t.string({
      nullable: true,
      select: { subject: true },
      description: 'Set for stages that repeat: the rendition, content or language it is for.',
      resolve: ({ subject }) => subject || null,
    }),
    status: t.expose('status', { type: WorkStatusEnum, description: 'Where it stands.' }),
    progress: t.exposeFloat('progress', { description: '0 to 1.' }),
    attempt: t.exposeInt('attempt', { description: 'Attempts begun so far.' }),
    maxAttempts: t.exposeInt('maxAttempts', { description: 'How many it may have.' }),
    nextAttemptAt: t.expose('nextAttemptAt', { type: 'DateTime', nullable: true, description: 'While it is WAITING.' }),
    heartbeatAt: t.expose('heartbeatAt', { type: 'DateTime', nullable: true, description: 'Last sign of its worker.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'First attempt.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it became final.' }),
    failure: t.field({
      type: FailureType,
      nullable: true,
      select: { failure: true },
      description: 'Why the last attempt failed.',
      resolve: ({ failure }) => shownFailure(failure),
    }),
  }),
});

export const Run = builder.prismaNode('Run', {
  ...owned,
  description: 'One execution of a recipe over an upload.',
  fields: (t) => ({
    upload: t.relation('upload', { description: 'Of which recording.' }),
    workspace: t.relation('workspace', { description: 'Whose it is.' }),
    status: t.expose('status', { type: RunStatusEnum, description: 'Where it stands.' }),
    isFinal: t.boolean({
      select: { status: true },
      description: 'True once `status` can never change again.',
      resolve: ({ status }) => isFinal(status),
    }),
    progress: t.exposeFloat('progress', { description: '0 to 1, never decreases within a run.' }),
    estimatedFinishAt: t.field({
      type: 'DateTime',
      nullable: true,
      select: { status: true, progress: true, startedAt: true },
      description: 'From the progress so far; null before a twentieth is done.',
      resolve: ({ status, progress, startedAt }) => {
        if (isFinal(status) || !startedAt || progress < 0.05) return null;
        return new Date(startedAt.getTime() + (Date.now() - startedAt.getTime()) / progress);
      },
    }),
    stageRuns: t.relation('stageRuns', {
      description: 'Its stages, in the order they were planned.',
      query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
    }),
    failure: t.field({
      type: FailureType,
      nullable: true,
      select: { failure: true },
      description: 'The first thing that went wrong, when something did.',
      resolve: ({ failure }) => shownFailure(failure),
    }),
    createdBy: t.relation('createdBy', { nullable: true, description: 'Who started it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When a worker took it up.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it became final.' }),
    eventCursor: t.field({
      type: 'EventCursor',
      select: { id: true, sequence: true },
      description: 'Position to pass to `Subscription.runEvents(after:)` for a gap-free hand-over from this read.',
      resolve: ({ id, sequence }) => eventCursor(id, sequence),
    }),
  }),
});

const RunConnection = connectionOf(Run, 'Run');
const newestFirst = [{ createdAt: 'desc' as const }, { id: 'desc' as const }];

builder.prismaObjectField(Workspace, 'runs', (t) =>
  t.relatedConnection(
    'runs',
    {
      cursor: 'id',
      totalCount: true,
      description: 'Runs of the workspace, newest first.',
      args: { statuses: t.arg({ type: [RunStatusEnum], description: 'In one of these states.' }) },
      query: ({ statuses }) => ({ ...(statuses && { where: { status: { in: statuses } } }), orderBy: newestFirst }),
    },
    RunConnection,
  ),
);

builder.prismaObjectField(Upload, 'runs', (t) =>
  t.relatedConnection(
    'runs',
    { cursor: 'id', totalCount: true, description: 'Runs over it, newest first.', query: { orderBy: newestFirst } },
    RunConnection,
  ),
);

builder.prismaObjectField(Upload, 'activeRun', (t) =>
  t.field({
    type: Run,
    nullable: true,
    description: 'The newest run that is not finished, if any.',
    select: (_args, _context, nested) => ({
      runs: nested({ where: { finishedAt: null }, orderBy: newestFirst, take: 1 }),
    }),
    resolve: ({ runs }) => runs[0] ?? null,
  }),
);

mutation('startRun', {
  about: 'Start a recipe on an upload.',
  check: startRunInput,
  perform: startRun,
  payload: payloadType<{ runId: string; replayed: boolean }>('StartRunPayload', (t) => ({
    run: runField(t),
    replayed: t.boolean({
      description: 'True when the key had been used for this same request.',
      resolve: (payload) => payload.replayed ?? false,
    }),
  })),
  input: builder.inputType('StartRunInput', {
    description: 'What to make of which recording.',
    fields: (t) => ({
      uploadId: t.id({ required: true, description: 'The recording; its bytes must have arrived.' }),
      recipe: t.field({ type: RecipeInput, required: true, description: 'What to make.' }),
      fresh: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Ask models again instead of using remembered answers.',
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
