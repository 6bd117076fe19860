import { Problem } from '#base/problem.ts';
import type { ApiErrorCode, TypedDocumentString } from '#generated/client/graphql.ts';

/** The API as one signed-in client sees it. */
export interface Client {
  readonly url: string;
  readonly token: string;
  readonly signal: AbortSignal;
  /** Sends one document. Throws INVALID_STATE with the API's own words when it answers with errors. */
  request<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Result>;
}

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** Opens a client over fetch. */
export function openClient({ url, token, signal: stop }: Pick<Client, 'url' | 'token' | 'signal'>): Client {
  return {
    url,
    token,
    signal: stop,
    async request<Result, Variables>(
      document: TypedDocumentString<Result, Variables>,
      variables: Variables,
      signal = stop,
    ): Promise<Result> {
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        signal,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: document.toString(), variables }),
      });
      // The type of a document's answer is what its document promises; the API checks each value against its schema.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const { data, errors = [] } = (await answer.json()) as Answer<Result>;
      if (errors.length > 0)
        throw refusal(errors.map(({ message, extensions }) => ({ message, code: extensions?.code })));
      if (!data) throw refusal([{ message: `The API answered ${answer.status} without data.` }]);
      return data;
    },
  };
}

interface Payload {
  readonly errors: readonly { readonly code: ApiErrorCode; readonly message: string }[];
}

/** A mutation's payload, once it says that the change happened. Throws INVALID_STATE with what stood against it. */
export function accepted<Some extends Payload>(payload: Some | null | undefined): Some {
  if (!payload) throw refusal([{ message: 'The API answered without a payload.' }]);
  if (payload.errors.length > 0) throw refusal(payload.errors);
  return payload;
}

/** Several errors in one sentence each, with their codes. */
export const refusal = (errors: readonly { readonly message: string; readonly code?: string | undefined }[]): Problem =>
  new Problem('INVALID_STATE', {
    reason: errors.map(({ message, code }) => (code ? `${message} (${code})` : message)).join(' '),
  });
