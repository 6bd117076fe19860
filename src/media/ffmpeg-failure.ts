import { Problem } from '#base/problem.ts';
import type { StderrTail } from './stderr-tail.ts';

/** How one call ended badly. */
export interface Failure {
  readonly thrown: unknown;
  readonly tail: StderrTail;
  /** The caller's signal: its abort is a cancellation. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly elapsedMs: number;
}

/**
 * The Problem of a call that failed: what the caller aborted with, else TIMED_OUT, DISK_FULL, TOOL_MISSING (the
 * program does not start) or ENCODE_FAILED, with the last lines of stderr among the facts.
 */
export function problemOf({ thrown, tail, signal, timeoutMs, elapsedMs }: Failure): Problem {
  if (signal.aborted) return canceled(signal);
  if (elapsedMs >= timeoutMs) return new Problem('TIMED_OUT', { what: 'ffmpeg', timeoutMs }, thrown);
  const facts = { said: tail.lines().slice(-60), elapsedMs };
  if (saysDiskFull(tail.lines())) return new Problem('DISK_FULL', facts, thrown);
  if (neverStarted(thrown)) {
    return new Problem('TOOL_MISSING', { tool: 'ffmpeg', reason: 'it does not start' }, thrown);
  }
  return new Problem('ENCODE_FAILED', { ...facts, exit: exitOf(thrown) }, thrown);
}

/** What a caller aborted with: its own Problem, else CANCELED. */
export const canceled = (signal: AbortSignal): Problem =>
  signal.reason instanceof Problem ? signal.reason : new Problem('CANCELED', {}, signal.reason);

/** ffmpeg ends with code 0 after some failed writes, so its words count also where its code does not. */
export const saysDiskFull = (lines: readonly string[]): boolean =>
  lines.some((line) => line.includes('No space left on device') || line.includes('Disk quota exceeded'));

const neverStarted = (thrown: unknown): boolean =>
  thrown instanceof Error && 'syscall' in thrown && String(thrown.syscall).startsWith('spawn');

/** "ffmpeg exited with code 1" or "... was killed with signal SIGKILL"; the rest repeats stderr. */
const exitOf = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.message.split(/[:\n]/)[0] ?? '') : String(thrown);
