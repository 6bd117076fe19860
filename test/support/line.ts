import { once } from 'node:events';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';

/** A line to a database that can be cut: what a client sees while the server restarts. */
export interface Line extends AsyncDisposable {
  /** The database's URL, through the line. */
  readonly url: string;
  /** Breaks every connection and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Lets the next COMMIT through and breaks the connection before its answer arrives. */
  loseAnswerOfCommit(): void;
}

/** Opens a line to the database at `url`. */
export async function openLine(url: string): Promise<Line> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let loseNext = false;
  let server = await listen(0);
  const { port } = addressOf(server);
  const own = new URL(url);
  own.host = `127.0.0.1:${port}`;
  const cut = async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    if (server.listening) await once(server, 'close');
  };
  return {
    url: own.href,
    cut,
    mend: async () => {
      server = await listen(port);
    },
    loseAnswerOfCommit: () => {
      loseNext = true;
    },
    [Symbol.asyncDispose]: cut,
  };

  async function listen(at: number): Promise<Server> {
    const listening = createServer(pass).listen(at, '127.0.0.1');
    await once(listening, 'listening');
    return listening;
  }

  function pass(client: Socket): void {
    const database = dial(Number(target.port), target.hostname);
    let losing = false;
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(from);
      from
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
    }
    client.on('data', (bytes) => {
      if (loseNext && bytes.includes('COMMIT')) {
        loseNext = false;
        losing = true;
      }
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      if (losing) client.destroy();
      else client.write(bytes);
    });
  }
}

function addressOf(server: Server): { port: number } {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the line does not listen');
  return address;
}
