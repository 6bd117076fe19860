import type { TypedDocument } from './document.ts';
import type { OffprintError } from './failure.ts';
import type { Outcome, PayloadOf } from './outcome.ts';

/** What may be said with every call. */
export interface Calling {
  /** Stops the call, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Told what failed beside an answer that came in part; the answer is then given, with null where something failed.
   * Without it such an answer is thrown, its data on the failure; an event of a subscription is given in any case.
   */
  readonly onPartial?: ((failure: OffprintError) => void) | undefined;
}

/** The three ways to ask the API. All they throw is OffprintError, or the reason of a signal. */
export interface Caller {
  /** Sends a query or mutation and gives its data. */
  request<Result extends object, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    calling?: Calling,
  ): Promise<Result>;
  /**
   * Sends a mutation of one field and gives what came of it; what the API has against the change is returned. With an
   * `idempotencyKey` it is sent up to four times where an answer was lost, or the API is away or has too much to do.
   */
  mutate<Result extends object, Input>(
    document: TypedDocument<Result, { input: Input }>,
    input: Input,
    calling?: Calling,
  ): Promise<Outcome<PayloadOf<Result>>>;
  /**
   * Follows a subscription; one that takes `$after` resumes without a gap after a broken connection. An event that came
   * in part is given and more follow; it is thrown only where nothing of it came.
   */
  subscribe<Result extends object, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    calling?: Calling,
  ): AsyncGenerator<Result, void, undefined>;
}
