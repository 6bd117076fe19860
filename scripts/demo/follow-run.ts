import { CancelRunDocument, type RunState, unknownRun } from '#client/offprint.ts';
import type { Client } from './client.ts';

/** Who is shown each state of the run. */
export interface RunReader {
  show(state: RunState): void;
}

/**
 * Follows a run to its end and gives its last state. When the client is told to stop, the run is cancelled: its jobs
 * would otherwise go on in the next server over the same home.
 */
export async function followRun(client: Client, runId: string, reader: RunReader): Promise<RunState> {
  let state = unknownRun;
  try {
    for await (state of client.followRun(runId, client)) reader.show(state);
  } catch (error) {
    const late = AbortSignal.timeout(5_000);
    await client.mutate(CancelRunDocument, { runId }, { signal: late }).catch(() => undefined);
    throw error;
  }
  return state;
}
