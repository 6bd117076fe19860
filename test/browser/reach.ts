/** What a page tries. */
interface Reaching {
  readonly api: string;
  readonly token: string;
  /** Where bytes may be sent once. */
  readonly target: { readonly url: string; readonly headers: Readonly<Record<string, string>> };
}

/** Tries every way to an API that a browser has; gives what the page gets to see by each: a status, or nothing. */
export async function reach({ api, token, target }: Reaching) {
  const graphql = `${api}/graphql`;
  const query = '{ __typename }';
  const body = JSON.stringify({ query });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return {
    json: await seen(fetch(graphql, { method: 'POST', headers, body })),
    plainText: await seen(fetch(graphql, { method: 'POST', body })),
    address: await seen(fetch(`${graphql}?${new URLSearchParams({ query })}`)),
    // A browser sends it and shows nobody what came back.
    unasked: await seen(fetch(graphql, { method: 'POST', body, mode: 'no-cors' })),
    health: await seen(fetch(`${api}/readyz`)),
    bytes: await seen(fetch(target.url, { method: 'PUT', headers: target.headers, body: 'a talk' })),
    socket: await opened(new WebSocket(graphql.replace('http', 'ws'), 'graphql-transport-ws')),
  };
}

const seen = (answering: Promise<Response>): Promise<number | 'nothing'> =>
  answering.then(
    ({ status, type }) => (type === 'opaque' ? 'nothing' : status),
    () => 'nothing',
  );

async function opened(socket: WebSocket): Promise<'opened' | 'nothing'> {
  const outcome = await new Promise<'opened' | 'nothing'>((resolve) => {
    socket.addEventListener('open', () => resolve('opened'));
    socket.addEventListener('error', () => resolve('nothing'));
  });
  socket.close();
  return outcome;
}
