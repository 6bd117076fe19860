import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, destination, type Logger, pino } from 'pino';

/** What every line of one request or one stage carries. */
export interface Correlation {
  readonly correlationId: string;
  readonly runId?: string;
  readonly stageRunId?: string;
  readonly stage?: string;
}

export type Log = Logger;

const current = new AsyncLocalStorage<Correlation>();

/** Runs `body` so that each line it logs carries `correlation`, also across awaits. */
export const withCorrelation = <T>(correlation: Correlation, body: () => T): T => current.run(correlation, body);
/** The correlation of the running request or stage. */
export const correlation = (): Correlation | undefined => current.getStore();

/** Signed links and bearer tokens, wherever they stand in a text. */
const secretText = /((?:token|signature|apikey|key)=)[^&\s"'\\]+|(bearer\s+)[\w.~+/=-]+|\beyJ[\w-]+\.[\w-]+\.[\w-]*/gi;

/** A text without signed links and tokens: for logs and for stored failures. */
export const redact = (value: string): string =>
  value.replace(secretText, (_all, query?: string, bearer?: string) => `${query ?? bearer ?? ''}[redacted]`);

/**
 * Opens the process's log: JSON lines on stderr, so that stdout stays for results. Whatever a line says, signed links
 * and tokens in it are redacted as it is written.
 */
export function openLog(level: string, to: DestinationStream = destination({ fd: 2, sync: true })): Log {
  return pino(
    {
      level,
      base: null,
      mixin: () => ({ ...current.getStore() }),
      redact: ['*.authorization', '*.token', '*.apikey', '*.password', 'authorization', 'token', 'url', '*.url'],
      serializers: { err: errorFacts },
      hooks: { streamWrite: redact },
    },
    to,
  );
}

/** An error as facts for the log: code, sentence, stack and causes. */
function errorFacts(thrown: unknown): Record<string, unknown> {
  if (!(thrown instanceof Error)) return { message: String(thrown) };
  const code = 'code' in thrown ? thrown.code : undefined;
  const facts = 'facts' in thrown ? thrown.facts : undefined;
  return {
    name: thrown.name,
    ...(code !== undefined && { code }),
    message: thrown.message,
    ...(facts !== undefined && { facts }),
    stack: thrown.stack ?? '',
    ...(thrown.cause !== undefined && { cause: errorFacts(thrown.cause) }),
  };
}
