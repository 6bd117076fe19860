import { once } from 'node:events';
import { buildSchema, GraphQLError, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import type { TopCode } from '#graph/codes.ts';

/** A server of numbered events whose connections break, as those of trains and tunnels do. */
export interface CuttingServer extends AsyncDisposable {
  readonly url: string;
  /** What each subscription asked to go on behind, in the order in which they came. */
  readonly asked: (string | null)[];
  /** How many connections were opened. */
  connections(): number;
}

export interface Cutting {
  /** Events in all. */
  readonly last: number;
  /** The connection is cut right after these were sent; each once. */
  readonly cuts: readonly number[];
  /** Connections are accepted with this token only. */
  readonly accepts?: (token: unknown) => boolean;
  /** What runs where no text is sent. */
  readonly trusted?: string;
  /** Of these events `note` and `sure` fail. */
  readonly spoilt?: readonly number[];
  /** The code of what the API has against the subscription. */
  readonly refusal?: TopCode;
  /** After which event it is told; by default where there are no events at all. */
  readonly refusedAfter?: number;
  /** Closes each connection with this code instead of letting it in. */
  readonly closes?: number;
}

const schema = buildSchema(`
  type Query { nothing: Int }
  type Subscription { counted(after: String): Count }
  type Count { number: Int! cursor: String! note: String sure: String! }
`);

/** Opens it. Events are sent as fast as they are taken, so that many are on their way when a connection is cut. */
export async function openCuttingServer({
  last,
  cuts,
  accepts = () => true,
  trusted,
  spoilt = [],
  refusal = 'NOT_FOUND',
  refusedAfter,
  closes,
}: Cutting): Promise<CuttingServer> {
  const sockets = new WebSocketServer({ port: 0, path: '/graphql' });
  await once(sockets, 'listening');
  const asked: (string | null)[] = [];
  const left = new Set(cuts);
  let connections = 0;
  sockets.on('connection', (socket) => {
    connections += 1;
    if (closes !== undefined) socket.close(closes, 'Unauthorized');
  });

  async function* counted({ after }: { after?: string | null }) {
    asked.push(after ?? null);
    for (let number = Number(after ?? 0) + 1; number <= last; number += 1) {
      if (number - 1 === refusedAfter) throw refused(refusal);
      const note = (): string => noteOf(number, spoilt);
      yield { counted: { number, cursor: String(number), note, sure: note } };
      // A cut comes only once the event has left: the client then holds some that nobody has taken yet.
      if (number % 8 === 0 || left.has(number)) await new Promise((resolve) => setImmediate(resolve));
      if (!left.delete(number)) continue;
      for (const socket of sockets.clients) socket.terminate();
      return;
    }
    if (last === 0) throw refused(refusal);
  }

  const { dispose } = useServer(
    {
      schema,
      roots: { subscription: { counted } },
      onSubscribe: (_context, _id, { query, variables: variableValues }) =>
        query === '' && trusted ? { schema, document: parse(trusted), variableValues } : undefined,
      onConnect: ({ connectionParams }) => accepts(connectionParams?.authorization),
    },
    sockets,
  );
  const { port } = z.object({ port: z.number() }).parse(sockets.address());
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      await dispose();
      sockets.close();
    },
  };
}

function noteOf(number: number, spoilt: readonly number[]): string {
  if (!spoilt.includes(number)) return `the ${number}th`;
  throw new GraphQLError('There is no note.', { extensions: { code: 'FORBIDDEN' } });
}

const refused = (code: TopCode): GraphQLError =>
  new GraphQLError('Nothing is counted for you.', { extensions: { code } });
