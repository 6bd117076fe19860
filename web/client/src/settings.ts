import { OffprintError } from './failure.ts';

/** A bearer token: an API key as it is, or a function asked before every request and connection. */
export type Token = string | (() => string | null | Promise<string | null>);

/** What a client is opened with. */
export interface ClientOptions {
  /** Address of the API, such as `https://api.example.com`. */
  readonly url: string;
  /** Session tokens live for a minute: give a function, such as Clerk's `() => session.getToken()`. */
  readonly token: Token;
  /** Send documents by id, as an API with TRUSTED_DOCUMENTS wants. */
  readonly trustedDocuments?: boolean;
  /** Another `fetch` than the one that is there. */
  readonly fetch?: typeof globalThis.fetch;
  /** Another `WebSocket` than the one that is there. */
  readonly webSocket?: unknown;
}

/** The options in the form in which they are used. */
export interface Settings {
  /** Where documents are sent. */
  readonly endpoint: string;
  /** Where sockets connect. */
  readonly socketUrl: string;
  /** `fetch` that shows the token. */
  readonly fetch: typeof globalThis.fetch;
  /** The value of the header `authorization`; null without a token. */
  readonly authorization: () => Promise<string | null>;
  readonly trustedDocuments: boolean;
  readonly webSocket: unknown;
}

/** Reads the options. Throws OffprintError BAD_USER_INPUT for an address that is none. */
export function settingsOf(options: ClientOptions): Settings {
  const endpoint = endpointOf(options.url);
  const authorization = async (): Promise<string | null> => {
    const token = typeof options.token === 'string' ? options.token : await options.token();
    return token && `Bearer ${token}`;
  };
  const plain = options.fetch ?? globalThis.fetch.bind(globalThis);
  return {
    endpoint,
    socketUrl: endpoint.replace(/^http/, 'ws'),
    fetch: async (resource, init) => plain(resource, { ...init, headers: await headersOf(init, authorization) }),
    authorization,
    trustedDocuments: options.trustedDocuments ?? false,
    webSocket: options.webSocket,
  };
}

function endpointOf(url: string): string {
  try {
    const address = new URL(url);
    address.pathname = `${address.pathname.replace(/\/(graphql)?\/?$/, '')}/graphql`;
    return address.href;
  } catch (cause) {
    throw new OffprintError('BAD_USER_INPUT', { message: `${url} is no address of an API.`, cause });
  }
}

async function headersOf(init: RequestInit | undefined, authorization: Settings['authorization']): Promise<Headers> {
  const headers = new Headers(init?.headers);
  const shown = await authorization();
  if (shown) headers.set('authorization', shown);
  headers.set('accept', headers.get('accept') ?? 'application/graphql-response+json, application/json');
  return headers;
}
