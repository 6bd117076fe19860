import type { Settings } from './settings.ts';

/** Keeps the token of an open socket fresh. */
export interface TokenRenewal {
  /** A socket was accepted with the token that it was shown. */
  connected(socket: { send(message: string): void }, shown: string | null): void;
  closed(): void;
}

/** Of the life that a token has left when it is shown; Clerk's live for a minute, and are renewed 15 s before their end. */
const usedShare = 0.75;
const shortestMs = 1_000;
/** Timers take no more milliseconds than this. */
const longestMs = 2 ** 31 - 1;

/**
 * Shows a new token in a ping while the socket stays open, so that streams on it know no break. Where the API or the
 * token knows no such renewal, the socket is closed with 4403 at the token's end and opened again with a new one.
 */
export function openRenewal(authorization: Settings['authorization']): TokenRenewal {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: { send(message: string): void } | null = null;

  function plan(shown: string | null): void {
    const socket = current;
    const leftMs = shown === null ? null : lifeLeftMs(shown);
    if (!socket || leftMs === null) return;
    timer = setTimeout(() => void renew(socket), Math.min(longestMs, Math.max(shortestMs, leftMs * usedShare)));
    unref(timer);
  }

  async function renew(socket: { send(message: string): void }): Promise<void> {
    const shown = await authorization().catch(() => null);
    if (socket !== current) return;
    if (shown) socket.send(JSON.stringify({ type: 'ping', payload: { token: shown.replace(/^Bearer /, '') } }));
    plan(shown);
  }

  return {
    connected(socket, shown) {
      clearTimeout(timer);
      current = socket;
      plan(shown);
    },
    closed() {
      clearTimeout(timer);
      current = null;
    },
  };
}

/** Until a session token ends, in milliseconds; null for an API key, which is no JWT. The API verifies, this only reads. */
export function lifeLeftMs(authorization: string, nowMs = Date.now()): number | null {
  const body = /^Bearer [\w-]+\.([\w-]+)\.[\w-]+$/.exec(authorization)?.[1];
  if (body === undefined) return null;
  try {
    const claims: unknown = JSON.parse(atob(body.replaceAll('-', '+').replaceAll('_', '/')));
    if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return null;
    return typeof claims.exp === 'number' ? claims.exp * 1_000 - nowMs : null;
  } catch {
    return null;
  }
}

/** In Node a timer would keep the process alive. */
function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref();
}
