import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

/** A line to a database that notes every statement on it, whichever client of the API sent it. */
export interface Tap extends AsyncDisposable {
  /** The database's URL, through the tap. */
  readonly url: string;
  /** The statements since this was asked last, in no particular order; without those that wake, listen or begin a connection. */
  take(): string[];
}

const ofNoRequest = /^\s*(un)?listen|pg_notify|^\s*notify|^set statement_timeout/i;

/** Opens a tap on the database at `url`. */
export async function openTap(url: string): Promise<Tap> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let statements: string[] = [];
  const server = createServer((client) => {
    const database = dial(Number(target.port), target.hostname);
    const read = reader((statement) => statements.push(statement));
    client.on('data', read);
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => sockets.delete(from));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = new URL(url);
  own.host = `127.0.0.1:${portOf(server.address())}`;
  return {
    url: own.href,
    take: () => {
      const taken = statements.filter((statement) => !ofNoRequest.test(statement));
      statements = [];
      return taken.toSorted();
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('the tap does not listen');
  return address.port;
}

const encryption = 80877103;

/**
 * Reads what a client says (PostgreSQL's protocol, version 3): a start, which may be preceded by a question for
 * encryption, then messages of a letter, a length and a body. A prepared statement is named where it is parsed, and
 * counts each time that it is bound.
 */
function reader(note: (statement: string) => void): (bytes: Buffer) => void {
  let held = Buffer.alloc(0);
  let begun = false;
  const prepared = new Map<string, string>();
  return (bytes) => {
    held = Buffer.concat([held, bytes]);
    for (;;) {
      const head = begun ? 1 : 0;
      if (held.length < head + 4) return;
      const length = held.readInt32BE(head);
      if (held.length < head + length) return;
      const body = held.subarray(head + 4, head + length);
      const letter = begun ? held.toString('latin1', 0, 1) : '';
      held = held.subarray(head + length);
      if (begun) noteMessage(letter, body, { prepared, note });
      else begun = body.readInt32BE(0) !== encryption;
    }
  };
}

interface Notes {
  readonly prepared: Map<string, string>;
  readonly note: (statement: string) => void;
}

function noteMessage(letter: string, body: Buffer, { prepared, note }: Notes): void {
  const [first = '', second = ''] = body.toString('utf8').split('\0', 2);
  if (letter === 'Q') note(first);
  if (letter === 'P') prepared.set(first, second);
  if (letter === 'B') note(prepared.get(second) ?? second);
}
