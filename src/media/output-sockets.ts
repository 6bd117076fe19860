import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { openFolder } from '#base/temp.ts';
import type { Output } from './ffmpeg-job.ts';

/** Where the streamed outputs of one call go. */
export interface OutputSockets extends AsyncDisposable {
  /** The address of a streamed output as ffmpeg takes it. */
  addressOf(output: Output): string;
  /** Of a call that ended well: waits until all that it sent has been taken. Throws what a taker threw. */
  taken(): Promise<void>;
}

/**
 * Opens a socket for each output that is handed on in pieces: fluent knows one pipe, and a call that reads a recording
 * once has several things to say. They lie in a folder that only this user enters; a port of the loopback would be open
 * to everybody on the machine. Both ends wait for each other, so nothing piles up between them.
 */
export async function openOutputSockets(outputs: readonly Output[]): Promise<OutputSockets> {
  await using opened = new AsyncDisposableStack();
  const streamed = outputs.filter(({ file }) => file === 'pipe');
  const folder = streamed.length > 0 ? opened.use(await openFolder()) : null;
  const sockets = new Map<Output, Receiver>();
  for (const [at, output] of streamed.entries()) {
    sockets.set(output, opened.use(await receive(folder?.file(`${at}`) ?? '', output)));
  }
  const kept = opened.move();
  return {
    addressOf: (output) => `unix:${sockets.get(output)?.path}`,
    taken: async () => {
      for (const { taken } of sockets.values()) await taken;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

interface Receiver extends AsyncDisposable {
  readonly path: string;
  readonly taken: Promise<void>;
}

async function receive(path: string, { onOutput }: Output): Promise<Receiver> {
  const server = createServer();
  const { promise: taken, resolve, reject } = Promise.withResolvers<void>();
  taken.catch(() => {});
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('data', (chunk: Buffer) => {
      try {
        onOutput?.(chunk);
      } catch (thrown) {
        reject(thrown);
      }
    });
    // Whoever is killed hangs up in the middle: its end is told by the child's exit.
    socket.on('error', () => {});
    socket.on('close', () => resolve());
  });
  await once(server.listen(path), 'listening');
  return {
    path,
    taken,
    [Symbol.asyncDispose]: async () => {
      for (const socket of connections) socket.destroy();
      server.close();
    },
  };
}
