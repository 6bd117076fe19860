import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { answerChat, answerResponse, type Completion, type CompletionEnd } from './openai-completions.ts';
import { answerTranscription, type Heard } from './openai-transcriptions.ts';
import { type Answer, refused, type SeenRequest } from './openai-wire.ts';

/** What goes wrong with one request: a status with an error body, or the ways a network and a model misbehave. */
export type Fault =
  | { readonly status: number; readonly code?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | 'cut'
  | 'hang'
  | 'html'
  | 'garbage'
  | 'empty'
  | 'refusal'
  | 'length';

/** What the models say. Both may be replaced at any time; a throw becomes a 500. */
export interface Answers {
  transcription: (request: SeenRequest) => Heard | Promise<Heard>;
  completion: (request: Completion) => unknown;
}

export interface OpenaiServer extends AsyncDisposable {
  readonly baseURL: string;
  readonly apiKey: string;
  readonly requests: readonly SeenRequest[];
  readonly answers: Answers;
  /** Faults for the next requests, one each in order of arrival; null lets one through. */
  script(...faults: (Fault | null)[]): void;
  /** Decides about each request that no script is about; null lets it through. */
  weather(next: () => Fault | null): void;
  /** Ends every connection, also of those who wait for an answer that never comes. */
  hangUp(): void;
  /** The next request that arrives after this call. */
  arrival(): Promise<SeenRequest>;
}

const apiKey = 'sk-test-0123456789';
const maxUploadBytes = 25 * 1024 * 1024;

/**
 * Opens an OpenAI-compatible server on a free port: transcriptions, chat completions and responses in the real
 * shapes, strict about what clients send, with scripted faults. What the models say is handed in.
 */
export async function openOpenaiServer(answers: Partial<Answers> = {}): Promise<OpenaiServer> {
  const state = {
    answers: { ...speechless, ...answers },
    faults: [] as (Fault | null)[],
    weather: (): Fault | null => null,
    requests: [] as SeenRequest[],
    waiting: [] as ((request: SeenRequest) => void)[],
  };
  const server = createServer((request, response) => {
    serve(state, request, response).catch((error: unknown) =>
      response.destroy(new Error('The test server failed', { cause: error })),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseURL: `http://127.0.0.1:${portOf(server)}/v1`,
    apiKey,
    requests: state.requests,
    answers: state.answers,
    script: (...faults) => void state.faults.push(...faults),
    weather: (next) => {
      state.weather = next;
    },
    hangUp: () => server.closeAllConnections(),
    arrival: () => new Promise((resolve) => state.waiting.push(resolve)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
};

interface State {
  readonly answers: Answers;
  readonly faults: (Fault | null)[];
  readonly weather: () => Fault | null;
  readonly requests: SeenRequest[];
  readonly waiting: ((request: SeenRequest) => void)[];
}

async function serve(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const seen = await read(request);
  const fault = state.faults.length > 0 ? (state.faults.shift() ?? null) : state.weather();
  state.requests.push(seen);
  for (const resolve of state.waiting.splice(0)) resolve(seen);
  if (fault !== null && breakDown(fault, request, response)) return;
  const answer = await answerTo(state.answers, seen, endOf(fault));
  if (fault === 'cut') cutShort(answer, response);
  else send(answer, response);
}

async function read(request: IncomingMessage): Promise<SeenRequest> {
  const bytes = await buffer(request);
  const type = request.headers['content-type'] ?? '';
  const { authorization, ...headers } = request.headers;
  const seen = { path: request.url ?? '', authorized: authorization === `Bearer ${apiKey}`, headers };
  if (!type.startsWith('multipart/form-data')) {
    return { ...seen, json: JSON.parse(bytes.toString() || 'null'), fields: {}, file: null };
  }
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const fields: Record<string, string[]> = {};
  let file: SeenRequest['file'] = null;
  for (const [name, value] of form) {
    if (typeof value === 'string') (fields[name] ??= []).push(value);
    else file = { name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) };
  }
  return { ...seen, json: null, fields, file };
}

/** Ends the exchange as the fault demands; false when the fault only changes the answer. */
function breakDown(fault: Fault, request: IncomingMessage, response: ServerResponse): boolean {
  if (typeof fault === 'object') {
    for (const [name, value] of Object.entries(fault.headers ?? {})) response.setHeader(name, value);
    send(refused(fault.status, 'A scripted fault.', fault.code ?? null), response);
    return true;
  }
  if (fault === 'hang') return true;
  if (fault === 'reset') return Boolean(request.socket.resetAndDestroy());
  const bodies: Partial<Record<typeof fault, [type: string, body: string]>> = {
    html: ['text/html', '<html><body>Welcome to the hotel network</body></html>'],
    garbage: ['application/json', '{"text": "half an ans'],
    empty: ['application/json', '{}'],
  };
  const body = bodies[fault];
  if (body === undefined) return false;
  response.writeHead(200, { 'content-type': body[0] }).end(body[1]);
  return true;
}

const endOf = (fault: Fault | null): CompletionEnd => (fault === 'refusal' || fault === 'length' ? fault : 'stop');

async function answerTo(answers: Answers, seen: SeenRequest, end: CompletionEnd): Promise<Answer> {
  if (!seen.authorized) return refused(401, 'Incorrect API key provided.', 'invalid_api_key');
  if ((seen.file?.bytes.length ?? 0) > maxUploadBytes) return refused(413, 'Maximum content size limit exceeded.');
  try {
    if (seen.path === '/v1/audio/transcriptions') return await answerTranscription(seen, answers.transcription);
    if (seen.path === '/v1/chat/completions') return answerChat(seen, answers.completion, end);
    if (seen.path === '/v1/responses') return answerResponse(seen, answers.completion, end);
    return refused(404, `Invalid URL (POST ${seen.path})`);
  } catch (error) {
    return refused(500, String(error));
  }
}

let answered = 0;

function send({ status, body }: Answer, response: ServerResponse): void {
  answered += 1;
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': `req_${answered}` });
  response.end(JSON.stringify(body));
}

/** Promises the whole body, sends half of it and drops the connection. */
function cutShort({ status, body }: Answer, response: ServerResponse): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.write(text.slice(0, text.length / 2), () => response.destroy());
}

const speechless: Answers = {
  transcription: () => {
    throw new Error('This test hands in no transcription.');
  },
  completion: () => {
    throw new Error('This test hands in no completion.');
  },
};
