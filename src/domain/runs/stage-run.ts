import { Workspace } from '#domain/workspaces/graph.ts';
import { builder, connectionOf, owned } from '#graph/builder.ts';
import { FailureType, shownFailure } from '#graph/errors.ts';
import { allows } from '#graph/permissions.ts';
import { StageEnum } from '#graph/stage-enum.ts';
import { stageEnum, stageNamed } from '#pipeline/stages.ts';
import { type Fact, factsOf } from './error-facts.ts';
import { WorkStatusEnum } from './graph.ts';

const ErrorFact = builder.objectRef<Fact>('ErrorFact').implement({
  description: 'One thing that is known of a failure.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Such as `code` or `cause.message`.' }),
    value: t.exposeString('value', { description: 'As it was logged, without secrets.' }),
  }),
});

const StageRun = builder.prismaNode('StageRun', {
  ...owned,
  description: 'One stage for one subject within a run.',
  fields: (t) => ({
    run: t.relation('run', { description: 'Of which run.' }),
    stage: t.field({
      type: StageEnum,
      select: { stage: true },
      description: 'Which stage.',
      resolve: ({ stage }) => stageEnum(stageNamed(stage)),
    }),
    subject: t.string({
      nullable: true,
      select: { subject: true },
      description: 'Set for stages that repeat: the clip or content it is for.',
      resolve: ({ subject }) => subject || null,
    }),
    status: t.expose('status', { type: WorkStatusEnum, description: 'Where it stands.' }),
    progress: t.exposeFloat('progress', { description: '0 to 1.' }),
    attempt: t.exposeInt('attempt', { description: 'Attempts begun so far.' }),
    maxAttempts: t.exposeInt('maxAttempts', { description: 'How many it may have.' }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next attempt is due, while it is WAITING.',
    }),
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
    correlationId: t.string({
      nullable: true,
      select: { run: { select: { correlationId: true } } },
      description: 'Finds its log lines; null for those who do not look after the workspace.',
      resolve: ({ workspaceId, run }, _args, { viewer }) =>
        allows(viewer, workspaceId, 'StageRun.correlationId') ? run.correlationId : null,
    }),
    errorFacts: t.field({
      type: [ErrorFact],
      nullable: true,
      select: { errorFacts: true },
      description:
        'What is known of the last failed attempt: code, facts, causes; null for those who do not look after the workspace.',
      resolve: ({ workspaceId, errorFacts }, _args, { viewer }) =>
        allows(viewer, workspaceId, 'StageRun.errorFacts') ? factsOf(errorFacts) : null,
    }),
    logExcerpt: t.string({
      nullable: true,
      select: { logExcerpt: true },
      description: 'The last log lines of the last failed attempt; null for those who do not look after the workspace.',
      resolve: ({ workspaceId, logExcerpt }, _args, { viewer }) =>
        allows(viewer, workspaceId, 'StageRun.logExcerpt') ? logExcerpt : null,
    }),
    settledAt: t.expose('settledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When somebody retried or dismissed it, where it failed.',
    }),
  }),
});

const StageRunConnection = connectionOf(StageRun, 'StageRun');

builder.prismaObjectField(Workspace, 'failedStageRuns', (t) =>
  t.prismaConnection(
    {
      type: StageRun,
      cursor: 'id',
      description: 'Stages that failed for good and that nobody has retried or dismissed yet, newest first.',
      totalCount: ({ id }, _args, { api }) => api.database.prisma.stageRun.count({ where: deadLetters(id) }),
      resolve: (...[query, { id }, , { api }]) =>
        api.database.prisma.stageRun.findMany({
          ...query,
          where: deadLetters(id),
          orderBy: [{ finishedAt: 'desc' }, { id: 'desc' }],
        }),
    },
    StageRunConnection,
  ),
);

const deadLetters = (workspaceId: string) => ({ workspaceId, status: 'FAILED' as const, settledAt: null });
