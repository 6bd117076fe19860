import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { envFrom } from '#base/env.ts';
import { globalId } from '#base/global-id.ts';
import type { TopCode } from '#graph/codes.ts';
import { listen } from '#http/listen.ts';
import type { DrivenRun } from '../support/driven-run.ts';
import type { House } from '../support/house.ts';

/** Who is asked: a house in which a person may have one socket, with a run that can be followed. */
export interface Place {
  readonly house: House;
  readonly run: DrivenRun;
}

/** What a refused request is answered. */
interface Told {
  readonly status: number;
  readonly body: string;
}

/** The code, the status over HTTP, and what is refused so. */
type Refusal = readonly [code: TopCode, status: number, what: string, ask: (place: Place) => Promise<Told>];

const slow = '{ viewer { workspaces { nodes { workspace { uploads { totalCount } } } } } }';
const two = 'query A { __typename } query B { __typename }';
const late = '{ viewer { workspaces(after: "x") { totalCount } } }';
const absent = globalId('Run', '0199a1b2-0000-7000-8000-000000000000');
const form = 'application/x-www-form-urlencoded';

/** At least one for each code of the API, and for each of its statuses. */
export const refusals: readonly Refusal[] = [
  ['BAD_REQUEST', 400, 'no JSON', sending('not json')],
  ['BAD_REQUEST', 400, 'no document', sending({})],
  ['BAD_REQUEST', 400, 'a batch', sending([{ query: slow }])],
  ['BAD_REQUEST', 400, 'a list of variables', sending({ query: slow, variables: [] })],
  ['BAD_REQUEST', 415, 'another type of body', sending('<x/>', { type: 'application/xml' })],
  ['BAD_REQUEST', 405, 'another method', sending({ query: slow }, { method: 'DELETE' })],
  [
    'BAD_USER_INPUT',
    400,
    'an operation without its variable',
    sending({ query: 'query ($id: ID!) { node(id: $id) { id } }' }),
  ],
  ['BAD_USER_INPUT', 400, 'one of two operations', sending({ query: two })],
  ['BAD_USER_INPUT', 200, 'a place in a list that is none', sending({ query: late })],
  ['BAD_USER_INPUT', 405, 'a mutation by GET', mutationByGet],
  ['NOT_ACCEPTABLE', 406, 'a subscription that takes no stream', following({ accept: 'application/json' })],
  ['REQUEST_TOO_LARGE', 413, 'a large body', sending({ query: slow, variables: { x: 'x'.repeat(1024 ** 2) } })],
  ['TIMED_OUT', 408, 'half a body', halfABody],
  ['TIMED_OUT', 200, 'an operation that takes too long', slowOperation],
  ['OVERLOADED', 503, 'one too many at a time', tooManyAtOnce],
  ['STARTING', 503, 'one before the start', tooEarly],
  ['RATE_LIMITED', 429, 'one too many a minute', tooOften],
  [
    'UNAUTHENTICATED',
    200,
    'a change by nobody',
    sending({ query: 'mutation { cancelRun(input: { runId: "x" }) { errors { code } } }' }, { token: null }),
  ],
  ['UNAUTHENTICATED', 401, 'a token that does not hold', sending({ query: slow }, { token: 'nonsense' })],
  ['FORBIDDEN', 403, 'a form, as other sites can send', sending('query={__typename}', { type: form })],
  ['FORBIDDEN', 200, 'a key that asks about a person', personByKey],
  ['GRAPHQL_PARSE_FAILED', 400, 'half a document', sending({ query: '{ viewer {' })],
  ['GRAPHQL_VALIDATION_FAILED', 400, 'an unknown field', sending({ query: '{ nothing }' })],
  ['QUERY_TOO_COMPLEX', 400, 'too much at once', sending({ query: `{ ${'a: __typename '.repeat(31)} }` })],
  ['PERSISTED_QUERY_NOT_FOUND', 400, 'an unknown document', sending({ documentId: 'sha256:x' })],
  ['NOT_FOUND', 200, 'a stream of nothing', following({}, { runId: absent })],
  ['INVALID_CURSOR', 200, 'a stream from nowhere', following({}, { after: 'x' })],
  ['TOO_MANY_OPERATIONS', 200, 'one stream too many', tooManyStreams],
  ['ERRORS_NOT_LISTED', 200, 'what fails all over', failsAllOver],
  ['INTERNAL_SERVER_ERROR', 200, 'a fault of ours', (place) => without('uploads', place)],
  ['INTERNAL_SERVER_ERROR', 500, 'a fault of ours before anything', (place) => without('users', place)],
];

interface Sent {
  readonly url?: string;
  readonly method?: string;
  /** Null for nobody. */
  readonly token?: string | null;
  readonly accept?: string;
  readonly type?: string;
  readonly signal?: AbortSignal;
}

/** Sends a body as it is, or as JSON. */
function send({ house }: Place, body: unknown, { url = house.url, token = house.token, ...more }: Sent = {}) {
  const { method = 'POST', accept = 'application/graphql-response+json', type = 'application/json', signal } = more;
  return fetch(`${url}/graphql`, {
    method,
    headers: { accept, 'content-type': type, ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal && { signal }),
  });
}

async function told(asked: Response | Promise<Response>): Promise<Told> {
  const response = await asked;
  return { status: response.status, body: await response.text() };
}

function sending(body: unknown, sent?: Sent) {
  return (place: Place) => told(send(place, body, sent));
}

function follow(place: Place, sent: Sent = {}, variables: object = {}) {
  const query =
    'subscription ($runId: ID!, $after: EventCursor) { runEvents(runId: $runId, after: $after) { sequence } }';
  const body = { query, variables: { runId: place.run.globalId, ...variables } };
  return send(place, body, { accept: 'text/event-stream', ...sent });
}

function following(sent: Sent, variables?: object) {
  return (place: Place) => told(follow(place, sent, variables));
}

function mutationByGet({ house }: Place): Promise<Told> {
  const query = encodeURIComponent('mutation { cancelRun(input: { runId: "x" }) { errors { code } } }');
  return told(fetch(`${house.url}/graphql?query=${query}`, { headers: { 'graphql-preflight': '1' } }));
}

async function halfABody({ house }: Place): Promise<Told> {
  await using hasty = await house.openServer({ EXECUTION_TIMEOUT_MS: '300' });
  const { hostname, port } = new URL(hasty.url);
  const headers = { 'content-type': 'application/json', 'content-length': '100' };
  const sent = request({ hostname, port, path: '/graphql', method: 'POST', headers });
  const answered = once(sent, 'response');
  sent.write('{"query":');
  const [response] = await answered;
  const body = await text(response);
  sent.on('error', () => {}).destroy();
  return { status: response.statusCode, body };
}

async function slowOperation(place: Place): Promise<Told> {
  await using hasty = await place.house.openServer({ EXECUTION_TIMEOUT_MS: '300' });
  await using _held = await heldUploads(place);
  return await told(send(place, { query: slow }, { url: hasty.url }));
}

/** Of two the one that came later is refused, while the other one is held. */
async function tooManyAtOnce(place: Place): Promise<Told> {
  await using busy = await place.house.openServer({ REQUESTS_AT_ONCE: '1' });
  await using held = await heldUploads(place);
  const both = [1, 2].map(() => send(place, { query: slow }, { url: busy.url }));
  const refused = await told(Promise.race(both));
  await held.release();
  await Promise.all(both);
  return refused;
}

/** Holds everybody who reads uploads, until it is left. */
async function heldUploads({ house }: Place) {
  const client = await house.database.pool.connect();
  await client.query('begin; lock table uploads in access exclusive mode');
  return {
    release: () => client.query('rollback'),
    [Symbol.asyncDispose]: async () => {
      await client.query('rollback');
      client.release();
    },
  };
}

async function tooEarly(place: Place): Promise<Told> {
  const listener = await listen(envFrom({ NODE_ENV: 'test', PORT: '0' }));
  const early = await told(send(place, { query: slow }, { url: listener.url }));
  await listener.close();
  return early;
}

async function tooOften(place: Place): Promise<Told> {
  await using counting = await place.house.openServer({ RATE_LIMITS: 'on' });
  for (;;) {
    const asked = await told(send(place, { query: '{ __typename }' }, { url: counting.url }));
    if (asked.status !== 200) return asked;
  }
}

async function personByKey(place: Place): Promise<Told> {
  const query = `mutation ($workspaceId: ID!) {
    createApiKey(input: { workspaceId: $workspaceId, name: "A key", scopes: [READ] }) { token }
  }`;
  const made = await told(send(place, { query, variables: { workspaceId: place.house.workspaceId } }));
  const [, token = ''] = /"token":"([^"]+)"/.exec(made.body) ?? [];
  return told(send(place, { query: '{ viewer { user { id } } }' }, { token }));
}

async function tooManyStreams(place: Place): Promise<Told> {
  const leaving = new AbortController();
  await Promise.all(Array.from({ length: 20 }, () => follow(place, { signal: leaving.signal })));
  const refused = await told(follow(place));
  leaving.abort();
  return refused;
}

function failsAllOver(place: Place): Promise<Told> {
  const query =
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Run { events(after: "x", first: 1) { nodes { sequence } } } } }';
  return told(send(place, { query, variables: { ids: Array.from({ length: 30 }, () => place.run.globalId) } }));
}

async function without(table: 'uploads' | 'users', place: Place): Promise<Told> {
  const { pool } = place.house.database;
  await pool.query(`alter table ${table} rename to ${table}_away`);
  const asked = await told(send(place, { query: slow }));
  await pool.query(`alter table ${table}_away rename to ${table}`);
  return asked;
}
