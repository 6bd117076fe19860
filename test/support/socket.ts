import { EventEmitter, on, once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';

const message = z.looseObject({ type: z.string(), id: z.string().optional(), payload: z.unknown().optional() });
export type Message = z.output<typeof message>;

/** A socket of the graphql-transport-ws protocol without a client library, so that every message is seen. */
export interface RawSocket extends AsyncDisposable {
  send(message: object): void;
  /** Sends what may be no message at all; bytes go as a binary frame. */
  sendRaw(frame: string | Uint8Array): void;
  /** The next message of this operation, or of the connection itself. */
  next(id?: string): Promise<Message>;
  /** Answers a ping that may not have come. */
  pong(data: string): void;
  /** Stops reading from the network, as a reader that hangs. */
  pause(): void;
  /** The code that the server closed it with. */
  readonly closed: Promise<number>;
}

interface SocketOptions {
  readonly protocols?: string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** False leaves pings unanswered. */
  readonly autoPong?: boolean;
}

/** Opens a socket; with a token it is also initialised and acknowledged. */
export async function openRawSocket(
  url: string,
  token?: string,
  { protocols = ['graphql-transport-ws'], ...options }: SocketOptions = {},
): Promise<RawSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocols, options);
  const messages = new EventEmitter().setMaxListeners(0);
  const kept = new Map<string, AsyncIterator<unknown[]>>();
  const received = (id: string) => {
    const iterator = kept.get(id) ?? on(messages, id);
    kept.set(id, iterator);
    return iterator;
  };
  received('');
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.on('message', (data) => {
    const parsed = message.parse(JSON.parse(z.instanceof(Buffer).parse(data).toString()));
    messages.emit(parsed.id ?? '', parsed);
  });
  await once(socket, 'open');
  const opened: RawSocket = {
    send: (sent) => {
      const { id } = message.parse(sent);
      if (id !== undefined) received(id);
      socket.send(JSON.stringify(sent));
    },
    sendRaw: (frame) => socket.send(frame),
    next: async (id = '') => {
      const { value } = await received(id).next();
      return message.parse(value[0]);
    },
    pong: (data) => socket.pong(data),
    pause: () => socket.pause(),
    closed,
    [Symbol.asyncDispose]: async () => {
      socket.terminate();
      await closed;
    },
  };
  if (token === undefined) return opened;
  opened.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  await opened.next();
  return opened;
}
