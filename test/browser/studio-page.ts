import { createElement, type FunctionComponent } from 'react';
import { createRoot } from 'react-dom/client';
import {
  CancelRunDocument,
  type Client,
  createClient,
  OffprintError,
  RunEventsDocument,
  type TypedDocument,
  type Uploaded,
  type UploadTask,
  ViewerDocument,
} from '#client/offprint.ts';
import { reach } from './reach.ts';

declare global {
  /** What the page shows to tests. */
  var studio: ReturnType<typeof openStudio>;
}

/** The component of the package's README. */
export type Studio = FunctionComponent<{ workspaceId: string }>;

/** The application of a page: a client that the address tells where the API is, and whose token to show. */
export function openStudio(Studio: Studio) {
  const asked = new URLSearchParams(location.hash.slice(1));
  const client = createClient({ url: asked.get('api') ?? '', token: () => asked.get('token') });
  return {
    show: async () =>
      createRoot(document.body).render(createElement(Studio, { workspaceId: await workspaceOf(client) })),
    upload: uploads(client),
    run: followed(client),
    cancel: (runId: string) => client.mutate(CancelRunDocument, { runId }),
    /** Asks until it is refused. */
    async exhaust() {
      for (let answered = 0; ; answered += 1) {
        const failure = await failureOf(client.request(cheapest, {}));
        if (failure) return { answered, failure };
      }
    },
    /** Asks for what the test may hold back. */
    countUploads: () => failureOf(client.request(counting, {})),
    reach,
    /** The headers of an answer, as far as this page may read them. */
    async headersOfAnswer() {
      const { endpoint, fetch } = client.settings;
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify({ query: leastQuery }) });
      return Object.fromEntries(answer.headers);
    },
  };
}

const leastQuery = '{ __typename }';
const cheapest: TypedDocument<object, object> = { toString: () => leastQuery };
const counting: TypedDocument<object, object> = {
  toString: () => '{ viewer { workspaces { nodes { workspace { uploads { totalCount } } } } } }',
};

async function workspaceOf(client: Client): Promise<string> {
  const { viewer } = await client.request(ViewerDocument, {});
  return viewer?.workspaces.nodes[0]?.workspace.id ?? '';
}

async function failureOf(asking: Promise<unknown>) {
  try {
    await asking;
    return null;
  } catch (error) {
    if (!(error instanceof OffprintError)) throw error;
    const { code, status, retryAfterMs, correlationId } = error;
    return { code, status, retryAfterMs, correlationId };
  }
}

/** An upload that pauses itself in answer to the first progress beyond `beyond`, and can be gone on with in every way. */
function uploads(client: Client) {
  const paused = Promise.withResolvers<void>();
  const progress: number[] = [];
  let uploadId = '';
  let task: UploadTask;
  return {
    progress,
    /** The upload's id, once it is paused. */
    async paused(beyond: number) {
      const recording = await theRecording();
      const announcement = { workspaceId: await workspaceOf(client), fileName: 'talk.wav', title: 'A talk' };
      const sha256 = await sha256Of(recording);
      task = client.upload(recording, { ...announcement, sha256, onAnnounced, onProgress: pausingBeyond(beyond) });
      await paused.promise;
      return uploadId;
    },
    async resumed(): Promise<Uploaded> {
      task.resume();
      return task.done;
    },
    async afterReload(uploadId: string): Promise<Uploaded> {
      return client.upload(await theRecording(), { uploadId, onProgress: (sent) => void progress.push(sent) }).done;
    },
    fileOf: async (uploadId: string) => (await client.request(fileOf, { uploadId })).node,
    sent: async () => ({ sizeBytes: (await theRecording()).size, sha256: await sha256Of(await theRecording()) }),
  };

  function onAnnounced(id: string): void {
    uploadId = id;
  }

  function pausingBeyond(beyond: number) {
    let left = 1;
    return (sent: number, total: number): void => {
      progress.push(sent);
      if (left === 0 || sent <= beyond || sent === total) return;
      left -= 1;
      task.pause();
      paused.resolve();
    };
  }
}

const fileOf: TypedDocument<{ node: unknown }, { uploadId: string }> = {
  toString: () => `query ($uploadId: ID!) {
    node(id: $uploadId) { ... on Upload { title status file { sizeBytes sha256 } } }
  }`,
};

const theRecording = async (): Promise<Blob> => (await fetch('/recording.wav')).blob();

async function sha256Of(recording: Blob): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await recording.arrayBuffer());
  return new Uint8Array(hash).reduce((text, byte) => text + byte.toString(16).padStart(2, '0'), '');
}

/** A run twice over one socket: its events with their numbers, and its states. */
function followed(client: Client) {
  const seen: { readonly type: string; readonly number: number }[] = [];
  return {
    seen,
    async events(runId: string) {
      for await (const { runEvents } of client.subscribe(RunEventsDocument, { runId }))
        if (runEvents) seen.push({ type: runEvents.__typename, number: runEvents.sequence });
      return seen;
    },
    async lastState(runId: string) {
      let last = null;
      for await (const state of client.followRun(runId)) last = state;
      return last;
    },
  };
}
