import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { openLog } from '#base/log.ts';
import { openLine } from '#http/socket-line.ts';

const log = openLog('silent');
const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
afterAll(() => sockets.close());

/** Both ends of a socket. */
async function openPair(): Promise<{ near: WebSocket; far: WebSocket }> {
  if (!sockets.address()) await once(sockets, 'listening');
  const { port } = z.object({ port: z.int() }).parse(sockets.address());
  const near = new Promise<WebSocket>((resolve) => sockets.once('connection', resolve));
  const far = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(far, 'open');
  return { near: await near, far };
}

const piece = 'x'.repeat(64 * 1024);

test('what waits for a reader who does not read is bounded: beyond 4 MiB the reader is cut off, and nobody waits on', async () => {
  const { near, far } = await openPair();
  far.pause();
  const line = openLine(near, log);
  const sent: unknown[] = [];
  let mostBytes = 0;
  while (near.readyState === near.OPEN && sent.length < 1_000) {
    sent.push(line.send(piece));
    mostBytes = Math.max(mostBytes, near.bufferedAmount);
  }
  expect(mostBytes).toBeGreaterThan(4 * 1024 ** 2);
  expect(mostBytes).toBeLessThan(4 * 1024 ** 2 + 2 * piece.length);
  await Promise.all(sent);
  far.terminate();
});

test('a reader who takes everything may be sent any amount', async () => {
  const { near, far } = await openPair();
  let received = 0;
  far.on('message', () => {
    received += 1;
  });
  const line = openLine(near, log);
  for (let at = 0; at < 200; at += 1) await line.send(piece);
  near.close();
  await once(far, 'close');
  expect(received).toBe(200);
});

test('a message that comes while the socket closes is not taken any more', async () => {
  const { near, far } = await openPair();
  const taken: string[] = [];
  openLine(near, log).onMessage(async (text) => {
    taken.push(text);
    near.close();
  });
  far.send('first');
  far.send('second');
  await once(far, 'close');
  expect(taken).toEqual(['first']);
});

test('a message that fails by our fault closes its socket with 4500 and ends nothing else', async () => {
  const { near, far } = await openPair();
  openLine(near, log).onMessage(() => Promise.reject(new Error('a fault of ours')));
  far.send('first');
  const [code] = await once(far, 'close');
  expect(code).toBe(4500);
});
