import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { openReaders } from '#http/slow-reader.ts';

const megabytes = 'x'.repeat(16 * 1024 ** 2);

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A server that watches over its readers: /idle says a word, /answer a lot, /stream piece by piece without end. */
async function watchingServer(REQUESTS_AT_ONCE: string, SLOW_READER_MS: string) {
  const readers = openReaders(envFrom({ REQUESTS_AT_ONCE, SLOW_READER_MS }), openLog('silent'));
  let take: (asked: Asked) => void = () => {};
  const server = createServer((request, response) => {
    readers.watch(request, response);
    take({ request, response });
    if (request.url === '/answer') response.end(megabytes);
    else if (request.url === '/stream') pour(response);
    else response.write('first');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return async (path: string) => {
    const { promise: asked, resolve } = Promise.withResolvers<Asked>();
    take = resolve;
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    onTestFinished(() => void socket.destroy());
    socket.pause();
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    const { request, response } = await asked;
    return { socket, response, cut: once(request.socket, 'close') };
  };
}

function pour(response: ServerResponse): void {
  while (response.write('x'.repeat(300_000)));
  response.once('drain', () => pour(response));
}

const restOf = async (socket: Socket): Promise<number> => {
  let bytes = 0;
  for await (const piece of socket) bytes += Buffer.from(piece).length;
  return bytes;
};

test.each(['/answer', '/stream'])(
  'who takes nothing of %s is cut off, who merely has nothing to read is not',
  async (path) => {
    const ask = await watchingServer('100', '300');
    const idle = await ask('/idle');
    const stuck = await ask(path);
    await stuck.cut;
    // Two of them one after the other: the idle one has waited for twice as long.
    await (await ask(path)).cut;
    idle.response.end('last');
    idle.socket.resume();
    const [told] = await once(idle.socket, 'data');
    expect(String(told)).toContain('first');
  },
);

test('who takes all of an answer gets all of it, however long that was', async () => {
  const ask = await watchingServer('100', '12000');
  const reading = await ask('/answer');
  const all = restOf(reading.socket);
  await once(reading.response, 'close');
  reading.socket.end();
  expect(await all).toBeGreaterThan(megabytes.length);
});

test('where too many read nothing, the one that has done so longest gives way', async () => {
  const ask = await watchingServer('8', '2000');
  const first = await ask('/answer');
  const second = await ask('/answer');
  const cut: string[] = [];
  void first.cut.then(() => cut.push('first'));
  void second.cut.then(() => cut.push('second'));
  await ask('/answer');
  await first.cut;
  expect(cut).toEqual(['first']);
});
