import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from 'graphql-ws';
import type { DestinationStream } from 'pino';
import { WebSocket } from 'ws';
import type { Database } from '#base/database.ts';
import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { type DevelopmentKeys, openDevelopmentKeys } from '#embedded/development-keys.ts';
import { graphql } from '#generated/client/gql.ts';
import type { RecipeInput, TypedDocumentString } from '#generated/client/graphql.ts';
import { type ApiServer, openServer } from '#server.ts';
import { openWorker } from '#worker.ts';
import { openTestDatabase } from './database.ts';
import { openHome } from './home.ts';

export interface HouseOptions {
  /** Words of the environment, on top of those that every test has. */
  readonly env?: Readonly<Record<string, string>>;
  /** False leaves jobs waiting. */
  readonly worker?: boolean;
  /** Log level; what goes wrong inside is quiet unless a test is being looked into. */
  readonly level?: string;
  /** Where the log's lines go instead of stderr. */
  readonly logTo?: DestinationStream;
}

/** A real API and a real worker over a database of their own, with a client that is signed in. */
export interface House extends AsyncDisposable {
  readonly url: string;
  readonly server: ApiServer;
  readonly database: Database;
  readonly home: string;
  readonly keys: DevelopmentKeys;
  readonly token: string;
  readonly workspaceId: string;
  /** Sends a document as the client, or with another token; null for none. */
  send<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    token?: string | null,
  ): Promise<Answer<Result>>;
  /** Follows a run to its end (or until `until` says so) and gives all its events. */
  follow(runId: string, options?: Following): Promise<SeenEvent[]>;
  /** Opens another API on the same database. */
  openServer(env?: Readonly<Record<string, string>>): Promise<ApiServer>;
  /** Starts another worker on the same database. */
  startWorker(env?: Readonly<Record<string, string>>): Promise<AsyncDisposable>;
}

/** How to follow a run. */
interface Following {
  /** A cursor to go on after. */
  readonly after?: string | null;
  /** Looks at each event; true leaves. */
  readonly until?: (event: SeenEvent) => boolean;
  /** Another API than the house's own. */
  readonly at?: string;
}

/** What GraphQL over HTTP answers. */
interface Answer<Result> {
  readonly data: Result;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly string[];
    readonly extensions?: { readonly code?: string; readonly correlationId?: string };
  }[];
}

const followDocument = graphql(`
  subscription Follow($runId: ID!, $after: EventCursor) {
    runEvents(runId: $runId, after: $after) {
      __typename
      sequence
      cursor
      ... on RunSnapshotEvent { run { status progress stageRuns { stage status } } }
      ... on RunStatusEvent { runStatus isFinal failure { code message } }
      ... on StageStatusEvent { stage subject stageStatus attempt failure { code message retryable } }
      ... on StageProgressEvent { stage stageProgress runProgress }
      ... on ArtifactReadyEvent { artifact { __typename ... on Node { id } } }
    }
  }
`);

type Events = typeof followDocument extends TypedDocumentString<infer Result, infer _> ? Result : never;
export type SeenEvent = NonNullable<Events extends { runEvents?: infer Event | null } ? Event : never>;

const whoDocument = graphql(`query Who { viewer { workspaces { nodes { workspace { id } } } } }`);

/** Opens the house; everything in it is gone at the end of its scope. */
export async function openHouse({
  env = {},
  worker = true,
  level = 'silent',
  logTo,
}: HouseOptions = {}): Promise<House> {
  await using cleanup = new AsyncDisposableStack();
  const database = cleanup.use(await openTestDatabase());
  const home = cleanup.use(await openHome());
  const environment = (more: Readonly<Record<string, string>> = {}) =>
    envFrom({
      PATH: process.env.PATH,
      FFMPEG_PATH: process.env.FFMPEG_PATH,
      FFPROBE_PATH: process.env.FFPROBE_PATH,
      NODE_ENV: 'test',
      PORT: '0',
      DATABASE_URL: database.url,
      OFFPRINT_HOME: home.path,
      WORK_DIR: home.file('work'),
      RETRY_BASE_MS: '50',
      RATE_LIMITS: 'off',
      SOCKETS_PER_USER: '1000',
      ...env,
      ...more,
    });
  const log = openLog(level, logTo);
  const server = cleanup.use(await openServer({ env: environment(), log }));
  const startWorker = (more?: Readonly<Record<string, string>>) =>
    openWorker({ env: environment({ STORAGE_URL: server.url, ...more }), log });
  if (worker) cleanup.use(await startWorker());
  const keys = await openDevelopmentKeys(environment());
  const token = await keys.mint({ user: 'ada', workspace: 'analytical' });
  const sender = senderTo(server.url, token);
  const { data } = await sender(whoDocument, {});
  const workspaceId = data.viewer?.workspaces.nodes[0]?.workspace.id ?? '';
  const kept = cleanup.move();
  return {
    url: server.url,
    server,
    database,
    home: home.path,
    keys,
    token,
    workspaceId,
    send: sender,
    follow: (runId, options) => follow(options?.at ?? server.url, token, { runId, ...options }),
    openServer: (more) => openServer({ env: environment(more), log }),
    startWorker,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const senderTo =
  (url: string, own: string) =>
  async <Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    token: string | null = own,
  ): Promise<Answer<Result>> => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    const answered: Answer<Result> = await answer.json();
    return answered;
  };

async function follow(url: string, token: string, wanted: Following & { runId: string }): Promise<SeenEvent[]> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  const events: SeenEvent[] = [];
  const variables = { runId: wanted.runId, after: wanted.after ?? null };
  try {
    for await (const { data, errors } of client.iterate<Events>({ query: followDocument.toString(), variables })) {
      if (errors) throw new Error(errors.map((error) => error.message).join('; '));
      if (!data?.runEvents) continue;
      events.push(data.runEvents);
      if (wanted.until?.(data.runEvents)) break;
    }
  } finally {
    await client.dispose();
  }
  return events;
}

const createDocument = graphql(`
  mutation CreateUpload($input: CreateUploadInput!) {
    createUpload(input: $input) {
      errors { code message path }
      upload { id title fileName status target { protocol url headers { name value } metadata { name value } } }
    }
  }
`);

const finalizeDocument = graphql(`
  mutation FinalizeUpload($input: FinalizeUploadInput!) {
    finalizeUpload(input: $input) {
      errors { code message path }
      upload { id status }
      run { id status eventCursor }
    }
  }
`);

/** Announces bytes as an upload. */
export async function announce(house: House, bytes: Uint8Array, more: Partial<CreateUpload> = {}) {
  const input = {
    workspaceId: house.workspaceId,
    fileName: 'talk.mp4',
    contentType: 'video/mp4',
    sizeBytes: bytes.length,
    protocol: 'PUT' as const,
    idempotencyKey: crypto.randomUUID(),
    ...more,
  };
  const { data } = await house.send(createDocument, { input });
  return data.createUpload ?? { errors: [], upload: null };
}

type CreateUpload = Parameters<
  typeof createDocument extends TypedDocumentString<infer _, infer V> ? (v: V) => void : never
>[0]['input'];

/** Announces bytes and sends them with one PUT; gives the upload's id. */
export async function sendBytes(house: House, bytes: Uint8Array, more: Partial<CreateUpload> = {}): Promise<string> {
  const { upload, errors } = await announce(house, bytes, more);
  if (!upload?.target) throw new Error(errors.map((error) => error.message).join('; '));
  const headers = Object.fromEntries(upload.target.headers.map(({ name, value }) => [name, value]));
  const answer = await fetch(upload.target.url, { method: 'PUT', headers, body: new Uint8Array(bytes) });
  if (!answer.ok) throw new Error(`the bytes were refused: ${await answer.text()}`);
  return upload.id;
}

/** Finalizes an upload, with a recipe if given. */
export async function finalize(
  house: House,
  uploadId: string,
  ...[thenRun, captions]: [thenRun?: RecipeInput | undefined, captions?: FinalizeUpload['captions']]
) {
  const { data } = await house.send(finalizeDocument, {
    input: { uploadId, thenRun: thenRun ?? null, captions: captions ?? null },
  });
  return data.finalizeUpload ?? { errors: [], upload: null, run: null };
}

type FinalizeUpload = Parameters<
  typeof finalizeDocument extends TypedDocumentString<infer _, infer V> ? (v: V) => void : never
>[0]['input'];

/** The sample talk that ships with the project: two minutes with an embedded caption track. */
export const sampleTalk = (): Promise<Buffer> => readFile(path.resolve(import.meta.dirname, '../../samples/talk.mp4'));

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
