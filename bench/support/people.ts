import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { globalId } from '#base/global-id.ts';
import type { Said } from './crowd.ts';

// People at their pages: what the bench of load forks. Told once whom to ask, it tells once what came.

const order = z.object({
  url: z.string(),
  tokens: z.array(z.string()),
  workspaceId: z.string(),
  uploadId: z.string(),
  thinkMs: z.number(),
  /** Whether the API has seen them before. */
  known: z.boolean(),
  seconds: z.number(),
});
type Order = z.output<typeof order>;

process.once('message', (message) => void asked(order.parse(message)).then((all) => process.send?.(all)));
process.once('disconnect', () => process.exit(0));

const dashboard = `query LoadDashboard($id: ID!) {
  workspace(by: { id: $id }) {
    name
    uploads(first: 20) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id title status
        transcript { language wordCount }
        clips(first: 5) { nodes { id title origin } }
        contents(first: 4) { nodes { id kind status } }
      }
    }
  }
}`;

const uploadPage = `query LoadUpload($id: ID!) {
  node(id: $id) {
    ... on Upload {
      title status media { durationMs }
      transcript { language segments(first: 20) { nodes { startMs endMs text } } }
      highlights(first: 10) { nodes { title importance range { startMs endMs } } }
      contents(first: 4) { nodes { kind status current { number } } }
    }
  }
}`;

const announce = `mutation LoadAnnounce($input: CreateUploadInput!) {
  createUpload(input: $input) { errors { code message } upload { id } }
}`;

/** Of ten requests six read the dashboard, three an upload, and one announces a recording. */
function requestOf(turn: number, { workspaceId, uploadId }: Order): { body: string; write: boolean } {
  if (turn % 10 === 9) {
    const input = { workspaceId, fileName: 'talk.mp4', contentType: 'video/mp4', sizeBytes: 1_000, protocol: 'PUT' };
    const variables = { input: { ...input, idempotencyKey: crypto.randomUUID() } };
    return { body: JSON.stringify({ query: announce, variables }), write: true };
  }
  if (turn % 3 === 1) {
    const variables = { id: globalId('Upload', uploadId) };
    return { body: JSON.stringify({ query: uploadPage, variables }), write: false };
  }
  return { body: JSON.stringify({ query: dashboard, variables: { id: workspaceId } }), write: false };
}

async function asked(given: Order): Promise<Said[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: given.tokens.length });
  const people = given.tokens.map((token, at) => ({ token, address: `10.0.${at >> 8}.${at & 255}` }));
  // Whom the API has never seen is made known first, a few at a time, as people come.
  for (let at = given.known ? people.length : 0; at < people.length; at += 8) {
    const { body } = requestOf(0, given);
    await Promise.all(people.slice(at, at + 8).map((person) => post(given, { ...person, agent }, body)));
  }
  const startedAt = performance.now();
  const said: Said[] = [];
  const goOn = async (person: Person, at: number): Promise<void> => {
    // They did not all sit down in the same moment.
    await wait((given.thinkMs * at) / people.length);
    for (let turn = at; performance.now() - startedAt < given.seconds * 1_000; turn += 1) {
      const { body, write } = requestOf(turn, given);
      const atMs = performance.now() - startedAt;
      const answer = await post(given, { ...person, agent }, body);
      said.push({ atMs, tookMs: performance.now() - startedAt - atMs, write, ...answer });
      await wait(given.thinkMs);
    }
  };
  await Promise.all(people.map(goOn));
  agent.destroy();
  return said;
}

interface Person {
  readonly token: string;
  readonly address: string;
}

/** By the connections of all. */
type Sender = Person & { readonly agent: Agent };

function post(
  { url }: Order,
  { token, address, agent }: Sender,
  body: string,
): Promise<{ status: number; errors: number }> {
  const { promise, resolve } = Promise.withResolvers<{ status: number; errors: number }>();
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${token}`,
    'x-forwarded-for': address,
  };
  const sent = request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part));
    response.on('error', () => resolve({ status: 0, errors: 0 }));
    response.on('end', () => {
      const text = Buffer.concat(parts).toString();
      resolve({ status: response.statusCode ?? 0, errors: errorsIn(text) });
    });
  });
  sent.on('error', () => resolve({ status: 0, errors: 0 }));
  sent.end(body);
  return promise;
}

/** Errors of the request or of a payload; a list of them that is not empty. */
const errorsIn = (text: string): number => (text.match(/"errors":\[\{/g) ?? []).length;
