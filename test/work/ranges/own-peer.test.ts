import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { isOwnPeer, uidOfPeer } from '#work/ranges/own-peer.ts';

const lines = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0 1001 1
   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 1002 1
   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000   999        0 1003 1
   3: 0100007F:C351 0100007F:1F90 06 00000000:00000000 03:00000176 00000000     0        0 0 3
`;

test.each([
  ['the end that called', { from: 50_000, to: 8080 }, 1000],
  ['the end that was called', { from: 8080, to: 50_000 }, 999],
  ['a connection that is closing', { from: 50_001, to: 8080 }, undefined],
  ['a connection that is not there', { from: 50_002, to: 8080 }, undefined],
  ['a socket that has been closed', { from: undefined, to: undefined }, undefined],
])('the kernel says whose %s is', (_what, ports, uid) => {
  expect(uidOfPeer(lines, ports)).toBe(uid);
});

/** A server on the loopback that tells each caller whether it is one of us. */
async function openTeller() {
  const server = createServer((socket: Socket) => {
    isOwnPeer(socket).then(
      (own) => socket.end(own ? 'ours' : 'not ours'),
      () => socket.destroy(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the teller does not listen');
  return {
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

test('a process of our own is let in', async () => {
  await using teller = await openTeller();
  expect(await text(connect(teller.port, '127.0.0.1'))).toBe('ours');
});

test('a process of another user is not, where we may start one', async () => {
  await using teller = await openTeller();
  const root = process.getuid?.() === 0;
  const child = spawn('bash', ['-c', `exec 3<>/dev/tcp/127.0.0.1/${teller.port}; cat <&3`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(root && { uid: 65_534, gid: 65_534 }),
  });
  expect(await text(child.stdout)).toBe(root ? 'not ours' : 'ours');
});
