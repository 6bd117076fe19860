import { type Answer, dataOf, failureOf, partOf } from './answer.ts';
import type { Calling } from './caller.ts';
import { named, type TypedDocument } from './document.ts';
import { OffprintError } from './failure.ts';
import type { Settings } from './settings.ts';

/** Sends a document with one POST. Throws OffprintError; a given signal that stops it throws the signal's own reason. */
export async function sendDocument<Result extends object, Variables>(
  { endpoint, fetch, trustedDocuments }: Settings,
  document: TypedDocument<Result, Variables>,
  { variables, calling }: { readonly variables: Variables; readonly calling: Calling | undefined },
): Promise<Result> {
  const { signal, onPartial } = calling ?? {};
  const body = JSON.stringify({ ...named(document, trustedDocuments), variables });
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json' }, ...(signal && { signal }) };
  const response = await fetch(endpoint, init).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw cause instanceof OffprintError ? cause : unreachable(cause);
  });
  const text = await response.text().catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw unreachable(cause);
  });
  const answer = answerIn<Result>(text, response);
  return onPartial ? partOf(answer, onPartial, response) : dataOf(answer, response);
}

const unreachable = (cause: unknown): OffprintError =>
  new OffprintError('NETWORK', { message: 'The API could not be reached.', cause });

/** The type of a document's answer is what its document promises; the API holds each value against its schema. */
function answerIn<Result>(text: string, response: Response): Answer<Result> {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null) return answer;
  } catch {
    // Said below: an answer that is no JSON.
  }
  throw failureOf({}, response);
}
