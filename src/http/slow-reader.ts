import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Env } from '#base/env.ts';
import type { Log } from '#base/log.ts';
import { addressOf } from './client-address.ts';
import { openWaiting } from './waiting.ts';

/** Watches over how answers are read. */
export interface Readers {
  /** Cuts the connection of whoever takes nothing of this answer, or stream, while something waits for them. */
  watch(request: IncomingMessage, response: ServerResponse): void;
}

/** How often an answer is looked at before its reader is given up. */
const looks = 4;

/**
 * Gives readers up that have taken nothing for SLOW_READER_MS, and those who let us wait longest where too many do: what
 * they do not read lies in this process's memory. That something was taken shows when a whole write is gone: an answer is
 * one, an event another. A stream without events is no sign of a slow reader, since nothing waits for it.
 */
export function openReaders(env: Pick<Env, 'SLOW_READER_MS' | 'REQUESTS_AT_ONCE' | 'TRUST_PROXY'>, log: Log): Readers {
  const waiting = openWaiting(env.REQUESTS_AT_ONCE);
  const clock = openClock(env.SLOW_READER_MS / looks);
  return {
    watch(request, response) {
      const { socket } = request;
      let taken = -1;
      let still = 0;
      let end: (() => void) | undefined;
      clock.add(look);
      response.once('close', stop);

      function look(): void {
        // An answer behind another one on the same connection never learns that this has closed.
        if (socket.destroyed) return stop();
        if (socket.writableLength === 0) return rest();
        const now = socket.bytesWritten - socket.writableLength;
        still = now === taken ? still + 1 : 0;
        taken = now;
        end ??= waiting.begin(addressOf(request, env.TRUST_PROXY), cut);
        if (still >= looks) cut();
      }
      function rest(): void {
        taken = -1;
        end?.();
        end = undefined;
      }
      function stop(): void {
        clock.delete(look);
        rest();
      }
      function cut(): void {
        log.info({ waitingBytes: socket.writableLength }, 'a reader was too slow and is cut off');
        stop();
        socket.destroy();
      }
    },
  };
}

/** Calls all again and again, every `ms`, by one timer, which is there while somebody is to be called. */
function openClock(ms: number): { add(look: () => void): void; delete(look: () => void): void } {
  const all = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  return {
    add(look) {
      all.add(look);
      timer ??= setInterval(() => all.forEach((each) => each()), ms).unref();
    },
    delete(look) {
      all.delete(look);
      if (all.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** What is left of a body when its answer is out may take so long to be thrown away. */
const mostRestMs = 5_000;

/** Cuts the connection of whoever goes on sending, or stops in the middle, after they were answered. */
export function cutEndlessSender(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    if (request.complete) return;
    const { socket } = request.resume();
    const timer = setTimeout(() => socket.destroy(), mostRestMs).unref();
    request.once('close', () => clearTimeout(timer));
  });
}
