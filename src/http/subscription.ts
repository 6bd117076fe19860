import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  executeSubscriptionEvent,
  mapSourceToResponseEvent,
  type ValidatedSubscriptionArgs,
  validateSubscriptionArgs,
} from 'graphql';
import { listed, listingFew } from './listed-errors.ts';

type Stream = AsyncGenerator<ExecutionResult, void, void>;

/** Subscribes as graphql does, but no answer lists more errors than accepted. */
export async function subscribe(args: ExecutionArgs): Promise<ExecutionResult | Stream> {
  const checked = validateSubscriptionArgs(listingFew(args));
  if (!('schema' in checked)) return { errors: checked };
  const source = await createSourceEventStream(checked);
  return Symbol.asyncIterator in source ? mapSourceToResponseEvent(checked, source, eventOf) : source;
}

async function eventOf(args: ValidatedSubscriptionArgs): Promise<ExecutionResult> {
  return listed(await executeSubscriptionEvent(args));
}
