/** An upload whose bytes we were told are there. */
interface KnownUpload {
  readonly uploadId: string;
  readonly sha256: string;
  /** Whether it was asked to be deleted. */
  deleted: boolean;
}

/** A run we were told was started. */
export interface KnownRun {
  readonly runId: string;
  readonly uploadId: string;
  /** When its cancel was asked for. */
  cancelAskedAt: number | null;
  /** Whether the cancel was accepted: a run that was already final refuses. */
  canceled: boolean;
  /** The run that runs its failed stages again, in good weather; null where none was asked for. */
  retriedAs: string | null;
}

/** A promise that was not kept. */
export interface Violation {
  readonly check: string;
  readonly kind: 'lost' | 'duplicated' | 'broken';
  readonly detail: string;
}

/** What was acknowledged and what was done to the processes: what the checks hold the rows against. Ids are those of rows. */
export interface History {
  readonly uploads: Map<string, KnownUpload>;
  readonly runs: Map<string, KnownRun>;
  /** What was broken, and when. */
  readonly faults: { readonly at: number; readonly kind: string }[];
  readonly violations: Violation[];
  /** Mutations that were acknowledged. */
  acknowledged: number;
}

export const openHistory = (): History => ({
  uploads: new Map(),
  runs: new Map(),
  faults: [],
  violations: [],
  acknowledged: 0,
});
