import { Upload } from '#domain/uploads/graph.ts';
import { Workspace } from '#domain/workspaces/graph.ts';
import type { RunStatus, WorkStatus } from '#generated/prisma/enums.ts';
import { builder, connectionOf, owned } from '#graph/builder.ts';
import { FailureType, shownFailure } from '#graph/errors.ts';
import { eventCursor } from '#graph/ids.ts';
import { isFinal } from '#pipeline/progress.ts';

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
    SKIPPED: { description: 'Canceled in an earlier run, and left out of its retry.' },
  } satisfies Record<WorkStatus, object>,
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
    retryOf: t.relation('retryOf', { nullable: true, description: 'The run whose failed stages it runs again.' }),
    retries: t.relation('retries', {
      description: 'Runs that ran its failed stages again, oldest first.',
      query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
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
