import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';

/** What a failed call of the database says of itself: PostgreSQL's own code, or the word of the layer that gave up. */
const databaseError = z.object({
  code: z.string().optional().catch(undefined),
  message: z.string().catch(''),
  meta: z
    .object({
      driverAdapterError: z.object({
        cause: z.object({
          kind: z.string().optional().catch(undefined),
          originalCode: z.string().optional().catch(undefined),
        }),
      }),
    })
    .optional()
    .catch(undefined),
});

/** 08: a broken connection; 57P01 to 57P03: shut down, crashed, starting up; P1…: the same in the client's words. */
const away = /^(08\w{3}|57P0[123]|P1001|P1002|P1008|P1017|P2024|DatabaseNotReachable|ConnectionClosed|SocketTimeout)$/;
/** A transaction that lost to another one: nothing of it stands, and the same may go through at once. */
const lostToAnother = /^(40001|40P01|P2034|TransactionWriteConflict)$/;
/** What comes without any code, as seen when the server was restarted in the middle of a statement. */
const broken = /Connection terminated|not queryable|Unable to start a transaction in the given time/;

/**
 * Whether a call failed because the database was away, and not by its own fault. A socket's own code does not count:
 * other services have sockets too, and the client gives those of the database in words of its own.
 */
export const isOutage = (thrown: unknown): boolean => saidBy(thrown, away) || broken.test(messageOf(thrown));

/** Whether a statement was ended by the server, or not begun, because it or its wait for a connection took too long. */
export const wasCutShort = (thrown: unknown): boolean =>
  saidBy(thrown, /^57014$/) || /timeout exceeded when trying to connect/.test(messageOf(thrown));

function saidBy(thrown: unknown, codes: RegExp): boolean {
  const { data } = databaseError.safeParse(thrown);
  const cause = data?.meta?.driverAdapterError.cause;
  return [data?.code, cause?.originalCode, cause?.kind].some((code) => code !== undefined && codes.test(code));
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : '');

const longestPauseMs = 2_000;

/**
 * Does what may be done twice until the database has answered it, with growing pauses of up to 2 s. Gives up with the
 * database's error `patienceMs()` after the first one; asked anew each time, because a stopping process has less of it.
 */
export async function throughOutage<T>(patienceMs: () => number, body: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await body();
    } catch (error) {
      const passes = isOutage(error) || saidBy(error, lostToAnother);
      if (!passes || performance.now() - startedAt + pauseMs > patienceMs()) throw error;
      await wait(pauseMs * (0.5 + Math.random() / 2));
    }
  }
}
