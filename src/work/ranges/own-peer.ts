import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** The kernel's table of connections over IPv4. */
const table = '/proc/net/tcp';

/** What has been found out of a connection; it keeps its owner. */
const known = new WeakMap<Socket, boolean>();

/**
 * Whether the other end of a loopback connection is a process of our own user, by the kernel's table. ffmpeg's command
 * line, which every user of the machine can read, holds the address of what it reads: it must open nothing to others.
 * True where there is no such table (not Linux): there the address is all that guards.
 */
export async function isOwnPeer(socket: Socket): Promise<boolean> {
  const found = known.get(socket);
  if (found !== undefined) return found;
  const uid = process.getuid?.();
  const lines = uid === undefined ? null : await readFile(table, 'latin1').catch(() => null);
  const own = lines === null || uidOfPeer(lines, { from: socket.remotePort, to: socket.localPort }) === uid;
  known.set(socket, own);
  return own;
}

/**
 * The user of the socket at `from` of 127.0.0.1 that is connected to `to`; undefined where the table has none, as of one
 * that was closed. A line is `n: local remote state queues timer retransmits uid …`, addresses in hexadecimal.
 */
export function uidOfPeer(
  lines: string,
  { from, to }: { readonly from: number | undefined; readonly to: number | undefined },
): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  const wanted = `${addressOf(from)} ${addressOf(to)} ${established}`;
  const line = lines.split('\n').find((text) => text.includes(wanted));
  const uid = line?.trim().split(/\s+/)[7];
  return uid === undefined ? undefined : Number(uid);
}

/** A closed connection may still stand there, as root's. */
const established = '01';

/** 127.0.0.1 with its bytes in the order of the machine: of those that Node runs on all but one write the last one first. */
const addressOf = (port: number): string => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
