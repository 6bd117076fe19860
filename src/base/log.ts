import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, destination, type Logger, pino } from 'pino';
import { redactJson } from './redact.ts';

/** What every line of one request or one stage carries. */
export interface Correlation {
  readonly correlationId: string;
  readonly runId?: string;
  readonly stageRunId?: string;
  readonly stage?: string;
}

export type Log = Logger;

/** The newest lines of one attempt at a stage, redacted as in the log. */
export interface LogExcerpt {
  /** At most 40 lines and 8,000 characters, oldest first; empty where nothing was logged. */
  text(): string;
}

const current = new AsyncLocalStorage<{ readonly correlation: Correlation; readonly lines?: string[] }>();

/** Runs `body` so that each line it logs carries `correlation`, also across awaits. */
export const withCorrelation = <T>(correlation: Correlation, body: () => T): T => current.run({ correlation }, body);
/** As withCorrelation, and keeps the newest lines that `body` logs, at whatever level the log is open. */
export function withExcerpt<T>(correlation: Correlation, body: (excerpt: LogExcerpt) => T): T {
  const lines: string[] = [];
  return current.run({ correlation, lines }, () => body({ text: () => newest(lines) }));
}
/** Runs bodies in the correlation of now, whoever calls it later and from wherever. */
export const thisCorrelation = (): (<T>(body: () => T) => T) => AsyncLocalStorage.snapshot();
/** The correlation of the running request or stage. */
export const correlation = (): Correlation | undefined => current.getStore()?.correlation;

const excerptLines = 40;
const excerptCharacters = 8_000;

/** The last lines that fit; one that is longer than all of it is cut. */
function newest(lines: readonly string[]): string {
  const told: string[] = [];
  let room = excerptCharacters;
  for (const line of lines.toReversed()) {
    if (room <= 0 || (told.length > 0 && line.length > room)) break;
    told.unshift(line.slice(0, room));
    room -= line.length;
  }
  return told.join('');
}

/** The last thing that happens to a line before it is written. */
function finished(line: string): string {
  const told = redactJson(line);
  const lines = current.getStore()?.lines;
  if (lines && lines.push(told) > excerptLines) lines.shift();
  return told;
}

/**
 * Opens the process's log: JSON lines on stderr, so that stdout stays for results. Whatever a line says, signed links
 * and tokens in it are redacted as it is written.
 */
export function openLog(level: string, to: DestinationStream = destination({ fd: 2, sync: true })): Log {
  return pino(
    {
      level,
      base: null,
      mixin: () => ({ ...current.getStore()?.correlation }),
      redact: ['url', '*.url'],
      serializers: { err: errorFacts },
      hooks: { streamWrite: finished },
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
