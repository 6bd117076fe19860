import { createHash } from 'node:crypto';
import type { Database } from '#base/database.ts';
import { failure, recipe } from './columns.ts';
import {
  failedStage,
  fillOutputs,
  fillRecording,
  fillTranscript,
  type Ground,
  type Owner,
  type Rows,
} from './fill-upload.ts';

/** One row of every kind in a workspace, with something in every column; by the type that shows them. */
export interface Filled {
  readonly owner: Owner;
  /** Row ids by type; such as `Upload.awaiting` where a change needs one in that state. */
  readonly rows: Rows;
}

const at = new Date('2026-11-01T00:00:00.000Z');
/** Limits to show. */
const plan = 'studio';
const month = 30 * 24 * 60 * 60 * 1000;

/** Fills a workspace. Each text in it contains the owner's word, which must stand nowhere else. */
export async function fill(ground: Ground, owner: Owner): Promise<Filled> {
  const uploads = await fillUploads(ground, owner);
  const uploadId = uploads.Upload?.[0] ?? '';
  const runs = await fillRuns(ground.database, owner, uploadId);
  const artifactId = await fillRecording(ground, owner, uploadId);
  const runId = runs['Run.failed']?.[0] ?? '';
  const stageRunId = runs.StageRun?.[0] ?? '';
  const outputs = await fillOutputs(ground.database, owner, { uploadId, runId, stageRunId, artifactId });
  await fillEvents(ground.database, owner, { runId: runs['Run.active']?.[0] ?? '', stageRunId, outputs });
  const spare = { ...(await fillSpare(ground, owner, 'edited')), ...(await fillSpare(ground, owner, 'undone')) };
  const people = await fillPeople(ground, owner, { uploadId, runId, stageRunId, artifactId });
  const hooks = await fillWebhooks(ground.database, owner, runId);
  const Transcript = ['Transcript', 'Transcript.edited', 'Transcript.undone'].flatMap(
    (name) => outputs[name] ?? spare[name] ?? [],
  );
  return { owner, rows: { ...uploads, ...runs, ...outputs, ...spare, ...people, ...hooks, Transcript } };
}

async function fillUploads(
  { database: { prisma }, storage }: Ground,
  { word, workspaceId, userId }: Owner,
): Promise<Rows> {
  const row = (status: 'READY' | 'AWAITING_BYTES' | 'REJECTED') => {
    const id = crypto.randomUUID();
    return {
      id,
      workspaceId,
      createdById: userId,
      title: `Recording ${word}`,
      fileName: `${word}.mp4`,
      contentType: 'video/mp4',
      announcedBytes: word.length,
      protocol: 'PUT' as const,
      storageKey: `${workspaceId}/${id}/source/${word}.bin`,
      status,
      ...(status === 'REJECTED' && { failure: failure(word) }),
    };
  };
  const [ready, awaiting, rejected] = [row('READY'), row('AWAITING_BYTES'), row('REJECTED')];
  await prisma.upload.createMany({ data: [ready, awaiting, rejected] });
  const unsent = { ...row('AWAITING_BYTES'), protocol: 'TUS' as const };
  await prisma.upload.create({ data: unsent });
  await storage.put({ bucket: 'uploads', key: awaiting.storageKey }, word, { contentType: 'video/mp4' });
  return {
    Upload: [ready.id, unsent.id, rejected.id],
    'Upload.arrived': [awaiting.id],
    'Upload.unsent': [unsent.id],
  };
}

async function fillRuns({ prisma }: Database, owner: Owner, uploadId: string): Promise<Rows> {
  const { word, workspaceId, userId } = owner;
  const own = { workspaceId, uploadId, recipe, createdById: userId, correlationId: `${word}-correlation` };
  const first = await prisma.run.create({ data: { ...own, status: 'SUCCEEDED', finishedAt: at, startedAt: at } });
  const failed = await prisma.run.create({
    data: {
      ...own,
      status: 'FAILED',
      startedAt: at,
      finishedAt: at,
      cancelRequestedAt: at,
      failure: failure(word),
      retryOfId: first.id,
    },
  });
  const active = await prisma.run.create({
    data: { ...own, status: 'RUNNING', progress: 0.5, startedAt: new Date(), sequence: 4 },
  });
  const stage = await prisma.stageRun.create({ data: failedStage(owner, failed.id) });
  const settled = await prisma.stageRun.create({
    data: { ...failedStage(owner, failed.id), settledAt: at },
  });
  await prisma.stageRun.create({
    data: { workspaceId, runId: active.id, stage: 'ingest', status: 'RUNNING', maxAttempts: 5, attempt: 1 },
  });
  await prisma.usageReservation.create({
    data: { runId: active.id, stage: 'cut', kind: 'RENDERED_MINUTES', workspaceId, quantity: 60_000n },
  });
  return {
    Run: [first.id, failed.id, active.id],
    'Run.failed': [failed.id],
    'Run.active': [active.id],
    StageRun: [stage.id, settled.id],
  };
}

/** One event of each kind. */
async function fillEvents(
  { prisma }: Database,
  { word, workspaceId }: Owner,
  { runId, stageRunId, outputs }: { runId: string; stageRunId: string; outputs: Rows },
): Promise<void> {
  const of = { stageRunId, stage: 'cut', subject: word };
  const told = [
    { kind: 'RUN_STATUS', runStatus: 'RUNNING', isFinal: false, failure: failure(word) },
    { kind: 'STAGE_STATUS', ...of, stageStatus: 'FAILED', attempt: 1, failure: failure(word) },
    { kind: 'STAGE_PROGRESS', ...of, stageProgress: 0.5, runProgress: 0.5 },
    { kind: 'ARTIFACT_READY', stageRunId, artifact: { type: 'Clip', id: outputs.Clip?.[0] ?? '' } },
  ];
  await prisma.runEvent.createMany({
    data: told.map((data, index) => ({ runId, workspaceId, sequence: index + 1, dedupeKey: `${index}`, data })),
  });
}

/** Another recording, whose transcript is in another state. */
async function fillSpare(ground: Ground, owner: Owner, state: string): Promise<Rows> {
  const { database } = ground;
  const { word, workspaceId, userId } = owner;
  const id = crypto.randomUUID();
  await database.prisma.upload.create({
    data: {
      id,
      workspaceId,
      createdById: userId,
      title: `${state} ${word}`,
      fileName: `${word}.mp4`,
      contentType: 'video/mp4',
      announcedBytes: word.length,
      protocol: 'PUT',
      storageKey: `${workspaceId}/${id}/source/${word}.bin`,
      status: 'READY',
    },
  });
  const artifactId = await fillRecording(ground, owner, id);
  const { Transcript = [], TranscriptSegment = [] } = await fillTranscript(database, owner, {
    uploadId: id,
    artifactId,
  });
  return { [`Transcript.${state}`]: Transcript, [`TranscriptSegment.${state}`]: TranscriptSegment };
}

async function fillPeople(
  { database, storage }: Ground,
  { word, workspaceId, userId }: Owner,
  of: { uploadId: string; runId: string; stageRunId: string; artifactId: string },
): Promise<Rows> {
  const { prisma } = database;
  await prisma.workspace.update({ where: { id: workspaceId }, data: { plan, knownAt: at } });
  const person = { avatarUrl: `https://example.org/${word}.png`, email: `${word}@example.org`, knownAt: at };
  await prisma.user.update({ where: { id: userId }, data: person });
  await prisma.workspaceMembership.updateMany({ where: { workspaceId, userId }, data: { knownAt: at } });
  const exported = `${userId}/${crypto.randomUUID()}.json`;
  await storage.put({ bucket: 'exports', key: exported }, word, { contentType: 'application/json' });
  const expiresAt = new Date(Date.now() + month);
  const dated = { requestedAt: at, readyAt: at, expiresAt };
  await prisma.dataExport.create({ data: { userId, storageKey: exported, sizeBytes: word.length, ...dated } });
  const { uploadId, stageRunId } = of;
  const asked = { callKey: word, model: word, purpose: word, answer: { said: word }, answerBytes: 10, consumed: {} };
  const call = await prisma.modelCall.create({
    data: { workspaceId, uploadId, stageRunId, ...asked, costMicros: 7n, latencyMs: 1, expiresAt },
  });
  await prisma.usageEntry.create({
    data: {
      workspaceId,
      dedupeKey: word,
      unit: 'RENDERED_MS',
      quantity: 60_000n,
      priceMicrosPerMillion: 100n,
      pricedOn: at,
      costMicros: 6n,
      ...of,
      modelCallId: call.id,
      outputId: of.uploadId,
      createdAt: new Date(),
    },
  });
  await prisma.idempotencyKey.create({
    data: { workspaceId, key: word, operation: 'startRun', inputHash: word, answerId: of.runId },
  });
  const receipt = await prisma.erasureReceipt.create({
    data: { workspaceId, kind: 'UPLOAD', subjectId: crypto.randomUUID(), prefix: word, rows: 3, completedAt: at },
  });
  const access = await fillAccess({ database, storage }, { word, workspaceId, userId });
  return { Workspace: [workspaceId], User: [userId], ErasureReceipt: [receipt.id], ...access };
}

/** Members who were added here, an invitation that waits, a key that holds and one that was ended. */
async function fillAccess({ database: { prisma } }: Ground, { word, workspaceId, userId }: Owner): Promise<Rows> {
  const added = async (role: 'VIEWER' | 'OWNER') => {
    const named = `added-${role}-${word}`;
    const user = await prisma.user.create({ data: { externalId: named, displayName: named } });
    return (await prisma.workspaceMembership.create({ data: { workspaceId, userId: user.id, role } })).id;
  };
  const [viewer, owner] = [await added('VIEWER'), await added('OWNER')];
  const members = await prisma.workspaceMembership.findMany({ where: { workspaceId }, orderBy: { id: 'asc' } });
  const expiresAt = new Date(Date.now() + month);
  const invited = { email: `invited-${word}@example.org`, role: 'VIEWER' as const, invitedById: userId, expiresAt };
  const invitation = await prisma.workspaceInvitation.create({ data: { workspaceId, ...invited } });
  const key = async (name: string, revokedAt: Date | null) => {
    const tokenHash = createHash('sha256').update(`${name}${word}`).digest();
    const maker = { workspaceId, createdById: userId, role: 'OWNER' as const, scopes: ['read' as const] };
    const told = { name: `${name} ${word}`, prefix: `${name}_${word}`, lastUsedAt: at, expiresAt, revokedAt };
    return (await prisma.apiKey.create({ data: { ...maker, ...told, tokenHash } })).id;
  };
  return {
    WorkspaceMembership: members.map(({ id }) => id),
    'WorkspaceMembership.added': [viewer],
    'WorkspaceMembership.owner': [owner],
    WorkspaceInvitation: [invitation.id],
    ApiKey: [await key('live', null), await key('ended', new Date())],
  };
}

async function fillWebhooks({ prisma }: Database, { word, workspaceId, userId }: Owner, runId: string): Promise<Rows> {
  const activity = await prisma.workspaceActivity.create({
    data: { workspaceId, kind: 'RUN_FINISHED', actorId: userId, subjectType: 'Run', subjectId: runId },
  });
  const kinds = ['RUN_FINISHED' as const];
  const endpoint = await prisma.webhookEndpoint.create({
    data: { workspaceId, url: `https://93.184.216.34/${word}`, secret: `whsec_${word}`, kinds },
  });
  const delivery = await prisma.webhookDelivery.create({
    data: {
      workspaceId,
      endpointId: endpoint.id,
      activityId: activity.id,
      kind: 'RUN_FINISHED',
      body: JSON.stringify({ said: word }),
      status: 'FAILED',
      attempts: 1,
      nextAttemptAt: at,
      deliveredAt: at,
      log: { create: { number: 1, durationMs: 5, responseStatus: 500, error: word } },
    },
  });
  return { WebhookEndpoint: [endpoint.id], WebhookDelivery: [delivery.id] };
}
