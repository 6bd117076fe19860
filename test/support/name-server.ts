import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A name server on this machine (UDP), which tells addresses of IPv4 only. */
export interface NameServer extends AsyncDisposable {
  /** As `address:port`. */
  readonly address: string;
  /** Names that were asked for their IPv4 addresses, in order. */
  readonly asked: readonly string[];
  /** Resolves once so many were asked for. */
  until(count: number): Promise<void>;
}

/** Opens it; `answer` gives the address of a name, null for none, and leaves the asker waiting with "silence". */
export async function openNameServer(answer: (name: string, type: 'A' | 'AAAA') => string | null): Promise<NameServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const { name, type, question } = questionOf(query);
    const found = answer(name, type === typeA ? 'A' : 'AAAA');
    if (type === typeA) asked.push(name);
    socket.emit('asked');
    if (found !== 'silence') socket.send(answerTo(query, question, type === typeA ? found : null), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    until: async (count) => {
      while (asked.length < count) await once(socket, 'asked');
    },
    [Symbol.asyncDispose]: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

const typeA = 1;
const headBytes = 12;

/** A question is labels, each behind its length, an empty one, then type and class in two bytes each. */
function questionOf(query: Buffer): { name: string; type: number; question: Buffer } {
  const labels: string[] = [];
  let at = headBytes;
  for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + size));
    at += size + 1;
  }
  return {
    name: labels.join('.').toLowerCase(),
    type: query.readUInt16BE(at + 1),
    question: query.subarray(headBytes, at + 5),
  };
}

function answerTo(query: Buffer, question: Buffer, address: string | null): Buffer {
  const head = Buffer.alloc(headBytes);
  query.copy(head, 0, 0, 2);
  // An answer, recursion wanted and there; one question, and one address or none.
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(address === null ? 0 : 1, 6);
  if (address === null) return Buffer.concat([head, question]);
  // The name of the question, type A, class IN, kept for no second, four bytes.
  const found = Buffer.from([0xc0, headBytes, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
  return Buffer.concat([head, question, found]);
}
