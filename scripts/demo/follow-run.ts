import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { graphql } from '#generated/client/gql.ts';
import type { WatchRunSubscription } from '#generated/client/graphql.ts';
import { accepted, type Client, refusal } from './client.ts';
import { changed, type RunState, waiting } from './run-state.ts';

const watchDocument = graphql(`
  subscription WatchRun($runId: ID!, $after: EventCursor) {
    runEvents(runId: $runId, after: $after) {
      __typename
      cursor
      ... on RunSnapshotEvent {
        run { status progress isFinal failure { code message stage } stageRuns { id stage status progress failure { message } } }
      }
      ... on RunStatusEvent { runStatus isFinal failure { code message stage } }
      ... on StageStatusEvent { stageRunId stage stageStatus failure { message } }
      ... on StageProgressEvent { stageRunId stage stageProgress runProgress }
    }
  }
`);

const cancelDocument = graphql(`
  mutation CancelWatchedRun($input: CancelRunInput!) {
    cancelRun(input: $input) { errors { code message } }
  }
`);

/** Who is shown each state of the run. */
export interface RunReader {
  show(state: RunState): void;
}

/**
 * Follows a run to its end and gives its last state. A broken connection resumes after the last event seen. When the
 * client is told to stop, the run is cancelled: its jobs would otherwise go on in the next server over the same home.
 */
export async function followRun(client: Client, runId: string, reader: RunReader): Promise<RunState> {
  let state = waiting;
  try {
    for await (const event of runEvents(client, runId)) {
      state = changed(state, event);
      reader.show(state);
    }
    client.signal.throwIfAborted();
  } catch (error) {
    await cancel(client, runId).catch(() => undefined);
    throw error;
  }
  if (!state.isFinal) throw refusal([{ message: 'The events ended before the run did.' }]);
  return state;
}

type Events = WatchRunSubscription;
type RunEvent = NonNullable<Events['runEvents']>;

async function* runEvents({ url, token, signal }: Client, runId: string): AsyncGenerator<RunEvent> {
  const socket = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: () => ({ authorization: `Bearer ${token}` }),
    shouldRetry: () => !signal.aborted,
  });
  signal.addEventListener('abort', () => void socket.dispose(), { once: true });
  // Sent again as it then is when the connection was lost: what makes a reconnection resume without a gap.
  const variables: { runId: string; after: string | null } = { runId, after: null };
  try {
    for await (const { data, errors } of socket.iterate<Events>({ query: watchDocument.toString(), variables })) {
      if (errors) throw refusal(errors);
      if (!data?.runEvents) continue;
      variables.after = data.runEvents.cursor;
      yield data.runEvents;
    }
  } finally {
    await socket.dispose();
  }
}

async function cancel(client: Client, runId: string): Promise<void> {
  const { cancelRun } = await client.request(cancelDocument, { input: { runId } }, AbortSignal.timeout(5_000));
  accepted(cancelRun);
}
