import type { Caller, Calling } from './caller.ts';
import { OffprintError } from './failure.ts';
import { RunEventsDocument } from './generated/graphql.ts';
import { type RunState, reduceRun, unknownRun } from './run-state.ts';

export interface Following extends Calling {
  /** The run as a query found it (`runStateOf`), to go on from there without a first snapshot. */
  readonly from?: RunState;
}

/**
 * A run, state by state, to its end. Broken connections resume without a gap. Throws OffprintError: NOT_FOUND for a run
 * that this caller does not see, INVALID_CURSOR for a state of another run.
 */
export async function* followRun(
  { subscribe }: Pick<Caller, 'subscribe'>,
  runId: string,
  { from = unknownRun, signal, onPartial }: Following = {},
): AsyncGenerator<RunState, void, undefined> {
  let state = from;
  for await (const { runEvents } of subscribe(
    RunEventsDocument,
    { runId, after: from.cursor },
    { signal, onPartial },
  )) {
    if (!runEvents) continue;
    state = reduceRun(state, runEvents);
    yield state;
  }
  if (!state.isFinal) throw new OffprintError('NETWORK', { message: 'The events ended before the run did.' });
}
