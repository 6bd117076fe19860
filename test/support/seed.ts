import type { Database } from '#base/database.ts';
import { newKeyToken } from '#domain/keys/key-token.ts';
import type { Prisma } from '#generated/prisma/client.ts';
import { probeOnly } from '#pipeline/recipe.ts';
import { insertRun } from '#pipeline/start-run.ts';

/** Whose rows are written. */
export interface Tenant {
  readonly workspaceId: string;
  readonly userId: string;
}

/** A workspace with one owner. */
export async function seedTenant({ prisma }: Database, name: string): Promise<Tenant> {
  const user = await prisma.user.create({ data: { externalId: `user_${name}`, displayName: name } });
  const workspace = await prisma.workspace.create({ data: { externalId: `org_${name}`, slug: name, name } });
  await prisma.workspaceMembership.create({ data: { userId: user.id, workspaceId: workspace.id, role: 'OWNER' } });
  return { workspaceId: workspace.id, userId: user.id };
}

/** The workspace with this slug, as its first member sees it. */
export async function tenantOf({ prisma }: Database, slug: string): Promise<Tenant> {
  const { workspaceId, userId } = await prisma.workspaceMembership.findFirstOrThrow({ where: { workspace: { slug } } });
  return { workspaceId, userId };
}

/** An API key, an invitation, and the membership of whoever they belong to. */
export async function seedAccess({ prisma }: Database, { workspaceId, userId }: Tenant) {
  const { token: _token, prefix, hash } = newKeyToken();
  const expiresAt = new Date(Date.now() + 24 * 60 * 60 * 1000);
  const place = { workspaceId, role: 'VIEWER' as const, expiresAt };
  const key = await prisma.apiKey.create({
    data: { ...place, createdById: userId, name: 'Importer', prefix, tokenHash: hash, scopes: ['read'] },
  });
  const invitation = await prisma.workspaceInvitation.create({ data: { ...place, email: `${key.id}@example.com` } });
  const where = { workspaceId_userId: { workspaceId, userId } };
  const membership = await prisma.workspaceMembership.findUniqueOrThrow({ where });
  return { ApiKey: key.id, WorkspaceInvitation: invitation.id, WorkspaceMembership: membership.id };
}

/** An upload whose bytes were verified. */
export async function seedUpload(
  { prisma }: Database,
  { workspaceId, userId }: Tenant,
  more: Partial<Prisma.UploadUncheckedCreateInput> = {},
): Promise<string> {
  const { id } = await prisma.upload.create({
    data: {
      workspaceId,
      createdById: userId,
      title: 'Talk',
      fileName: 'talk.mp4',
      contentType: 'video/mp4',
      announcedBytes: 1000,
      protocol: 'PUT',
      storageKey: `${workspaceId}/${crypto.randomUUID()}/source/${crypto.randomUUID()}.bin`,
      status: 'READY',
      ...more,
    },
    select: { id: true },
  });
  return id;
}

/** A run that only probes; its first stage waits for a worker. */
export async function seedRun({ prisma }: Database, tenant: Tenant, uploadId: string): Promise<string> {
  const id = crypto.randomUUID();
  const { workspaceId, userId } = tenant;
  await prisma.$transaction((tx) =>
    insertRun(tx, { id, workspaceId, uploadId, recipe: probeOnly, createdById: userId }),
  );
  return id;
}

/** A webhook endpoint and a delivery to it that was taken. */
export async function seedWebhook(
  { prisma }: Database,
  { workspaceId }: Tenant,
): Promise<{ readonly endpointId: string; readonly deliveryId: string }> {
  const data = { workspaceId, url: 'https://93.184.216.34/', secret: 'whsec_', kinds: ['RUN_FINISHED' as const] };
  const { id: endpointId } = await prisma.webhookEndpoint.create({ data, select: { id: true } });
  const { id: deliveryId } = await prisma.webhookDelivery.create({
    data: { workspaceId, endpointId, kind: 'RUN_FINISHED', body: '{}', status: 'DELIVERED', attempts: 1 },
    select: { id: true },
  });
  return { endpointId, deliveryId };
}

/** The ids of one row of each kind below an upload. */
interface Derived {
  readonly Artifact: string;
  readonly Transcript: string;
  readonly TranscriptSegment: string;
  readonly TranscriptEdit: string;
  readonly Speaker: string;
  readonly Highlight: string;
  readonly Clip: string;
  readonly Rendition: string;
  readonly Content: string;
  readonly ContentVersion: string;
}

/** Everything that a run makes of an upload: a transcript, a highlight, `clips` clips with a rendition, a post. */
export async function seedDerived(
  database: Database,
  { workspaceId, userId }: Tenant,
  { uploadId, clips = 1 }: { uploadId: string; clips?: number },
): Promise<Derived> {
  const { prisma } = database;
  const own = { workspaceId, uploadId };
  const artifact = await prisma.artifact.create({
    data: {
      ...own,
      artifactKey: crypto.randomUUID(),
      bucket: 'clips',
      storageKey: crypto.randomUUID(),
      contentType: 'video/mp4',
      sizeBytes: 10,
      sha256: 'a'.repeat(64),
    },
  });
  const transcript = await prisma.transcript.create({
    data: {
      ...own,
      language: 'en',
      wordCount: 2,
      wordTiming: 'MEASURED',
      provider: 'captions',
      artifactKey: crypto.randomUUID(),
    },
  });
  const below = { workspaceId, transcriptId: transcript.id };
  const speaker = await prisma.speaker.create({ data: { ...below, label: 'A' } });
  const segment = await prisma.transcriptSegment.create({
    data: {
      ...below,
      position: 0,
      startMs: 0,
      endMs: 900,
      text: 'Hello there.',
      speakerId: speaker.id,
      words: [
        [0, 400, 'Hello'],
        [400, 900, 'there.'],
      ],
    },
  });
  const edit = await prisma.transcriptEdit.create({
    data: { ...below, revision: 1, authorId: userId, summary: '1 text changed', operations: [], before: {}, after: {} },
  });
  const highlight = await prisma.highlight.create({
    data: {
      ...own,
      startMs: 0,
      endMs: 900,
      title: 'Hello',
      summary: 'A greeting.',
      importance: 0.5,
      topics: [],
      quote: 'Hello there.',
      signals: {},
    },
  });
  const cut = await prisma.clip.createManyAndReturn({
    data: Array.from({ length: clips }, (_, at) => ({
      ...own,
      highlightId: highlight.id,
      origin: 'HIGHLIGHT' as const,
      title: `Clip ${at}`,
      startMs: at * 1000,
      endMs: at * 1000 + 900,
      cuts: [[at * 1000, at * 1000 + 900]],
      cutsHash: `${at}`,
      posterArtifactId: artifact.id,
    })),
  });
  const renditions = await prisma.rendition.createManyAndReturn({
    data: cut.map((clip) => ({
      workspaceId,
      clipId: clip.id,
      preset: 'LANDSCAPE_720P' as const,
      captionStyle: 'NONE' as const,
      artifactId: artifact.id,
    })),
  });
  const content = await prisma.content.create({ data: { ...own, kind: 'LINKEDIN', language: 'en' } });
  const version = await prisma.contentVersion.create({
    data: {
      workspaceId,
      contentId: content.id,
      number: 1,
      origin: 'GENERATED',
      body: { kind: 'LINKEDIN', text: 'Hello there.', hashtags: [] },
      sentences: [],
    },
  });
  await prisma.content.update({ where: { id: content.id }, data: { currentVersionId: version.id } });
  return {
    Artifact: artifact.id,
    Transcript: transcript.id,
    TranscriptSegment: segment.id,
    TranscriptEdit: edit.id,
    Speaker: speaker.id,
    Highlight: highlight.id,
    Clip: cut[0]?.id ?? '',
    Rendition: renditions[0]?.id ?? '',
    Content: content.id,
    ContentVersion: version.id,
  };
}
