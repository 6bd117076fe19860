import type { Database } from '#base/database.ts';
import { globalId } from '#base/global-id.ts';

type Prisma = Database['prisma'];

/** Rows in memory at a time. */
const page = 50;

/** Whose data, and of which workspaces what was said there. */
interface About {
  readonly userId: string;
  readonly workspaceIds: readonly string[];
}

/**
 * Everything that is here of a person, as the text of one JSON document in pieces: never more than a page of rows in
 * memory, however long the recordings are. What others said is left out where the person may not read it any more.
 */
export async function* personalData(prisma: Prisma, { userId, workspaceIds }: About): AsyncGenerator<string> {
  const person = await prisma.user.findUniqueOrThrow({
    where: { id: userId },
    select: { id: true, externalId: true, displayName: true, email: true, avatarUrl: true, createdAt: true },
  });
  const about = { format: 'offprint.personal-data.1', madeAt: new Date(), person: shown('User', person) };
  yield `{${JSON.stringify(about).slice(1, -1)}`;
  yield* list('memberships', memberships(prisma, userId));
  yield* list('invitations', invitations(prisma, person.email));
  yield* list('apiKeys', apiKeys(prisma, userId));
  yield* list('uploads', uploads(prisma, userId));
  yield* list('transcripts', transcripts(prisma, { userId, workspaceIds }));
  yield* list('transcriptEdits', transcriptEdits(prisma, userId));
  yield* list('runs', runs(prisma, userId));
  yield* list('contentVersions', contentVersions(prisma, userId));
  yield* list('activities', activities(prisma, userId));
  yield '}\n';
}

async function* list(name: string, items: AsyncIterable<object>): AsyncGenerator<string> {
  yield `,\n"${name}":[`;
  let between = '';
  for await (const item of items) {
    yield `${between}${JSON.stringify(item)}`;
    between = ',\n';
  }
  yield ']';
}

/** Ids as the graph knows them. */
const shown = <Row extends { id: string }>(type: string, row: Row) => ({ ...row, id: globalId(type, row.id) });

/** Every row of a table that has an id, in the order of the ids. */
async function* paged<Row extends { id: string }>(read: (after: string) => Promise<Row[]>): AsyncGenerator<Row> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows = await read(after);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < page) return;
    after = last.id;
  }
}

const next = (after: string) => ({ orderBy: { id: 'asc' as const }, take: page, where: { id: { gt: after } } });

async function* memberships(prisma: Prisma, userId: string) {
  const rows = paged((after) =>
    prisma.workspaceMembership.findMany({
      ...next(after),
      where: { userId, id: { gt: after } },
      select: { id: true, role: true, joinedAt: true, workspace: { select: { id: true, name: true, slug: true } } },
    }),
  );
  for await (const row of rows) {
    yield { ...shown('WorkspaceMembership', row), workspace: shown('Workspace', row.workspace) };
  }
}

/** Where somebody waits for the person. */
async function* invitations(prisma: Prisma, email: string | null) {
  if (email === null) return;
  const rows = paged((after) =>
    prisma.workspaceInvitation.findMany({
      ...next(after),
      where: { email, id: { gt: after } },
      select: { id: true, email: true, role: true, createdAt: true, expiresAt: true },
    }),
  );
  for await (const row of rows) yield shown('WorkspaceInvitation', row);
}

/** Keys that act in the person's name. */
async function* apiKeys(prisma: Prisma, userId: string) {
  const rows = paged((after) =>
    prisma.apiKey.findMany({
      ...next(after),
      where: { createdById: userId, id: { gt: after } },
      select: {
        id: true,
        workspaceId: true,
        name: true,
        prefix: true,
        scopes: true,
        role: true,
        createdAt: true,
        expiresAt: true,
        lastUsedAt: true,
        revokedAt: true,
      },
    }),
  );
  for await (const { workspaceId, ...row } of rows) {
    yield { ...shown('ApiKey', row), workspaceId: globalId('Workspace', workspaceId) };
  }
}

async function* uploads(prisma: Prisma, userId: string) {
  const rows = paged((after) =>
    prisma.upload.findMany({
      ...next(after),
      where: { createdById: userId, id: { gt: after } },
      select: {
        id: true,
        workspaceId: true,
        title: true,
        fileName: true,
        contentType: true,
        announcedBytes: true,
        status: true,
        durationMs: true,
        createdAt: true,
        updatedAt: true,
        sidecar: { select: { format: true, language: true, text: true } },
      },
    }),
  );
  for await (const { announcedBytes, workspaceId, ...row } of rows) {
    yield {
      ...shown('Upload', row),
      workspaceId: globalId('Workspace', workspaceId),
      sizeBytes: Number(announcedBytes),
    };
  }
}

/** What was said in recordings that the person sent, sentence by sentence. */
async function* transcripts(prisma: Prisma, { userId, workspaceIds }: About) {
  const rows = paged((after) =>
    prisma.transcript.findMany({
      ...next(after),
      where: { upload: { createdById: userId }, workspaceId: { in: [...workspaceIds] }, id: { gt: after } },
      select: { id: true, uploadId: true, language: true, isTranslation: true, provider: true, createdAt: true },
    }),
  );
  for await (const { uploadId, ...row } of rows) {
    const segments = await prisma.transcriptSegment.findMany({
      where: { transcriptId: row.id },
      orderBy: { position: 'asc' },
      select: { startMs: true, endMs: true, text: true, edited: true, speaker: { select: { label: true } } },
    });
    const said = segments.map(({ speaker, ...segment }) => ({ ...segment, speaker: speaker?.label ?? null }));
    yield { ...shown('Transcript', row), uploadId: globalId('Upload', uploadId), segments: said };
  }
}

async function* transcriptEdits(prisma: Prisma, userId: string) {
  const rows = paged((after) =>
    prisma.transcriptEdit.findMany({
      ...next(after),
      where: { authorId: userId, id: { gt: after } },
      select: { id: true, transcriptId: true, revision: true, summary: true, operations: true, createdAt: true },
    }),
  );
  for await (const { transcriptId, ...row } of rows) {
    yield { ...shown('TranscriptEdit', row), transcriptId: globalId('Transcript', transcriptId) };
  }
}

async function* runs(prisma: Prisma, userId: string) {
  const rows = paged((after) =>
    prisma.run.findMany({
      ...next(after),
      where: { createdById: userId, id: { gt: after } },
      select: { id: true, uploadId: true, recipe: true, status: true, createdAt: true, finishedAt: true },
    }),
  );
  for await (const { uploadId, ...row } of rows) yield { ...shown('Run', row), uploadId: globalId('Upload', uploadId) };
}

async function* contentVersions(prisma: Prisma, userId: string) {
  const rows = paged((after) =>
    prisma.contentVersion.findMany({
      ...next(after),
      where: { authorId: userId, id: { gt: after } },
      select: { id: true, contentId: true, number: true, origin: true, body: true, createdAt: true },
    }),
  );
  for await (const { contentId, ...row } of rows) {
    yield { ...shown('ContentVersion', row), contentId: globalId('Content', contentId) };
  }
}

async function* activities(prisma: Prisma, userId: string) {
  const rows = paged((after) =>
    prisma.workspaceActivity.findMany({
      ...next(after),
      where: { actorId: userId, id: { gt: after } },
      select: { id: true, kind: true, subjectType: true, subjectId: true, occurredAt: true },
    }),
  );
  for await (const { kind, subjectType, subjectId, occurredAt } of rows) {
    yield { kind, subject: globalId(subjectType, subjectId), occurredAt };
  }
}
