import { useEffect, useState } from 'react';
import { OffprintError } from './failure.ts';
import { useOffprint } from './offprint-provider.ts';
import type { RunState } from './run-state.ts';

/** What is known of a run that is followed. */
export interface FollowedRun {
  /** Null until the first event. */
  readonly run: RunState | null;
  /** Why nothing more comes. A broken connection is none: it is made good. */
  readonly error: OffprintError | null;
}

const nothing: FollowedRun = { run: null, error: null };

/** Follows a run to its end; null follows none. The component is drawn again with each event. */
export function useRun(runId: string | null | undefined): FollowedRun {
  const client = useOffprint();
  const [followed, setFollowed] = useState<FollowedRun & { readonly runId?: string }>(nothing);
  useEffect(() => {
    if (!runId) return undefined;
    const leaving = new AbortController();
    void follow(runId);
    return () => leaving.abort();

    async function follow(runId: string): Promise<void> {
      let run: RunState | null = null;
      try {
        for await (run of client.followRun(runId, leaving)) setFollowed({ runId, run, error: null });
      } catch (error) {
        if (!leaving.signal.aborted) setFollowed({ runId, run, error: failureOf(error) });
      }
    }
  }, [client, runId]);
  return followed.runId === runId ? followed : nothing;
}

const failureOf = (error: unknown): OffprintError =>
  error instanceof OffprintError ? error : new OffprintError('NETWORK', { message: String(error), cause: error });
