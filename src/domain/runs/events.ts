import { z } from 'zod';
import type { Database } from '#base/database.ts';
import { globalId } from '#base/global-id.ts';
import type { Problem } from '#base/problem.ts';
import { type Followed, followRun, type Snapshot } from '#feed/follow.ts';
import { builder, type Types } from '#graph/builder.ts';
import { type Context, visibleTo } from '#graph/context.ts';
import { FailureType } from '#graph/errors.ts';
import { eventCursor, parseEventCursor, rowIdOf } from '#graph/ids.ts';
import { told, whileMember } from '#graph/membership.ts';
import { StageEnum } from '#graph/stage-enum.ts';
import { refused, shown } from '#graph/stream.ts';
import { announced, type RunEventData } from '#pipeline/events.ts';
import { type StageName, stageEnum } from '#pipeline/stages.ts';
import { Run, RunStatusEnum, WorkStatusEnum } from './graph.ts';

/** An event on its way to a client: where it stands in the run, and what happened. */
export interface EventShape<Data = SnapshotData | RunEventData> {
  readonly runId: string;
  readonly sequence: number;
  readonly occurredAt: Date;
  readonly data: Data;
}

interface SnapshotData {
  readonly kind: 'SNAPSHOT';
  readonly reason: Snapshot['reason'];
}

type Told<Kind extends (SnapshotData | RunEventData)['kind']> = EventShape<
  Extract<SnapshotData | RunEventData, { kind: Kind }>
>;

const typeNames: Record<EventShape['data']['kind'], string> = {
  SNAPSHOT: 'RunSnapshotEvent',
  RUN_STATUS: 'RunStatusEvent',
  STAGE_STATUS: 'StageStatusEvent',
  STAGE_PROGRESS: 'StageProgressEvent',
  ARTIFACT_READY: 'ArtifactReadyEvent',
};

/** What happened in a run. */
export const RunEvent = builder.interfaceRef<EventShape>('RunEvent').implement({
  description: 'What happened in a run, in order. `sequence` counts one by one; only a snapshot may jump forward.',
  resolveType: ({ data }) => typeNames[data.kind],
  fields: (t) => ({
    cursor: t.field({
      type: 'EventCursor',
      description: 'Position to resume after this event.',
      resolve: ({ runId, sequence }) => eventCursor(runId, sequence),
    }),
    sequence: t.exposeInt('sequence', { description: 'Number of the event in its run.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When it was written.' }),
    runId: t.id({ description: 'Global id of the run.', resolve: ({ runId }) => globalId('Run', runId) }),
  }),
});

const Reason = builder.enumType('SnapshotReason', {
  description: 'Why a snapshot was sent.',
  values: {
    INITIAL: { description: 'The subscription began without a cursor.' },
    CURSOR_EXPIRED: { description: 'Events after the cursor are no longer kept.' },
    READER_TOO_SLOW: { description: 'More than 500 events came while the reader took its time.' },
  } satisfies Record<Snapshot['reason'], object>,
});

builder.objectRef<Told<'SNAPSHOT'>>('RunSnapshotEvent').implement({
  description: 'Full state: sent first without `after`, and where events are left out.',
  interfaces: [RunEvent],
  fields: (t) => ({
    reason: t.field({ type: Reason, description: 'Why it was sent.', resolve: ({ data }) => data.reason }),
    run: t.prismaField({
      type: Run,
      description: 'The run, at this event or newer.',
      resolve: (...[query, { runId }, , { api }]) =>
        api.database.prisma.run.findUniqueOrThrow({ ...query, where: { id: runId } }),
    }),
  }),
});

builder.objectRef<Told<'RUN_STATUS'>>('RunStatusEvent').implement({
  description: 'A run changed state.',
  interfaces: [RunEvent],
  fields: (t) => ({
    runStatus: t.field({ type: RunStatusEnum, description: 'Its new state.', resolve: ({ data }) => data.runStatus }),
    isFinal: t.boolean({
      description: 'Whether the state can never change again.',
      resolve: ({ data }) => data.isFinal,
    }),
    failure: t.field({
      type: FailureType,
      nullable: true,
      description: 'Why it failed.',
      resolve: ({ data }) => data.failure,
    }),
  }),
});

type OfStage = EventShape<Extract<RunEventData, { stage: StageName }>>;

/** Which stage run an event is about. */
const stageFields = (t: PothosSchemaTypes.ObjectFieldBuilder<Types, OfStage>) => ({
  stageRunId: t.id({
    description: 'Global id of the stage run.',
    resolve: ({ data }) => globalId('StageRun', data.stageRunId),
  }),
  stage: t.field({ type: StageEnum, description: 'Which stage.', resolve: ({ data }) => stageEnum(data.stage) }),
  subject: t.string({
    nullable: true,
    description: 'What it is for, where it repeats.',
    resolve: ({ data }) => data.subject,
  }),
});

builder.objectRef<Told<'STAGE_STATUS'>>('StageStatusEvent').implement({
  description: 'A stage changed state.',
  interfaces: [RunEvent],
  fields: (t) => ({
    ...stageFields(t),
    stageStatus: t.field({
      type: WorkStatusEnum,
      description: 'Its new state.',
      resolve: ({ data }) => data.stageStatus,
    }),
    attempt: t.int({ description: 'Attempts begun so far.', resolve: ({ data }) => data.attempt }),
    failure: t.field({
      type: FailureType,
      nullable: true,
      description: 'Why the attempt failed.',
      resolve: ({ data }) => data.failure,
    }),
  }),
});

builder.objectRef<Told<'STAGE_PROGRESS'>>('StageProgressEvent').implement({
  description:
    'Progress, throttled where it is written: at most one event per whole percent of a stage. Never dropped on the way to a reader.',
  interfaces: [RunEvent],
  fields: (t) => ({
    ...stageFields(t),
    stageProgress: t.float({ description: 'Of the stage, 0 to 1.', resolve: ({ data }) => data.stageProgress }),
    runProgress: t.float({ description: 'Of the run, 0 to 1.', resolve: ({ data }) => data.runProgress }),
  }),
});

type ArtifactRef = Extract<RunEventData, { kind: 'ARTIFACT_READY' }>['artifact'];

const announcedRow = z.object({ type: z.enum(announced) });

/** The members stand downstream, so they are named; each loads what the client selects of it from the row's id. */
const Artifact = builder.unionType('Artifact', {
  description: 'Outputs a run can announce.',
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Pothos types names only of types that it has seen
  types: [...announced] as never,
  resolveType: (row) => announcedRow.parse(row).type,
});

builder.objectRef<Told<'ARTIFACT_READY'>>('ArtifactReadyEvent').implement({
  description: 'An output became available.',
  interfaces: [RunEvent],
  fields: (t) => ({
    stageRunId: t.id({
      description: 'Global id of the stage run that made it.',
      resolve: ({ data }) => globalId('StageRun', data.stageRunId),
    }),
    artifact: t.field({
      type: Artifact,
      nullable: true,
      description: 'The output; null when it was removed since.',
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
      resolve: async ({ data }, _args, { api }) => (await present(api.database, data.artifact)) as never,
    }),
  }),
});

builder.subscriptionField('runEvents', (t) =>
  t.field({
    type: RunEvent,
    nullable: true,
    description: 'Snapshot then deltas of one run; ends by itself after the final event.',
    authScopes: { signedIn: true },
    args: {
      runId: t.arg.id({ required: true, description: 'Global id of the run.' }),
      after: t.arg({ type: 'EventCursor', description: 'Resume after this position, without a first snapshot.' }),
    },
    subscribe: async (_root, { runId, after }, context) => subscribeTo(context, runId, after ?? null),
    resolve: told,
  }),
);

async function subscribeTo(
  context: Context,
  globalRunId: string,
  after: string | null,
): Promise<AsyncIterableIterator<EventShape | Problem>> {
  const id = rowIdOf('Run', globalRunId);
  const run =
    id &&
    (await context.api.database.prisma.run.findFirst({
      where: { id, ...visibleTo(context) },
      select: { id: true, sequence: true, workspaceId: true },
    }));
  if (!run) throw refused('NOT_FOUND', 'The run was not found.');
  const sequence = after === null ? null : parseEventCursor(run.id, after);
  if (after !== null && (sequence === null || sequence > run.sequence)) {
    throw refused('INVALID_CURSOR', 'The cursor does not belong to this run.');
  }
  return whileMember(context, run.workspaceId, shown(followRun(context.api, run.id, sequence), shapeOf));
}

function shapeOf(followed: Followed): EventShape {
  if ('event' in followed) return followed.event;
  const { runId, sequence, reason } = followed.snapshot;
  return { runId, sequence, occurredAt: new Date(), data: { kind: 'SNAPSHOT', reason } };
}

/** The announced row's id and tenant, or null when the row is gone. */
async function present({ prisma }: Database, { type, id }: ArtifactRef) {
  const query = { where: { id }, select: { id: true, workspaceId: true } } as const;
  const find = {
    Transcript: () => prisma.transcript.findUnique(query),
    Highlight: () => prisma.highlight.findUnique(query),
    Clip: () => prisma.clip.findUnique(query),
    Rendition: () => prisma.rendition.findUnique(query),
    Content: () => prisma.content.findUnique(query),
  } satisfies Record<ArtifactRef['type'], () => Promise<object | null>>;
  const row = await find[type]();
  return row && { ...row, type };
}
