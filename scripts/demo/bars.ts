import { styleText } from 'node:util';
import type { RunState, WorkStatus } from '#client/offprint.ts';
import { percent, size } from './figures.ts';
import type { StageRow } from './stage-rows.ts';

/** One line of the display. */
export interface Bar {
  readonly name: string;
  readonly status: WorkStatus;
  /** 0 to 1. */
  readonly progress: number;
  readonly note: string;
}

/** How far the sending is. */
export const sendingBar = (sent: number, total: number): Bar => ({
  name: 'send',
  status: sent < total ? 'RUNNING' : 'SUCCEEDED',
  progress: total === 0 ? 1 : sent / total,
  note: sent < total ? percent(sent / total) : size(total),
});

/** How far a stage is; one that repeats says how many of its subjects are finished. */
export const stageBar = ({ stage, status, progress, finished, total, fault }: StageRow): Bar => ({
  name: stage.toLowerCase() + (total > 1 ? ` ${finished}/${total}` : ''),
  status,
  progress,
  note: fault ?? (status === 'RUNNING' ? percent(progress) : status.toLowerCase()),
});

/** How far the run is. */
export const runBar = ({ status, isFinal, progress }: RunState): Bar => ({
  name: 'run',
  status: status === 'PARTIAL' ? 'FAILED' : status,
  progress,
  note: isFinal ? status.toLowerCase() : percent(progress),
});

const nameWidth = 14;
const longestTrack = 40;
const tones = {
  QUEUED: 'dim',
  RUNNING: 'cyan',
  WAITING: 'yellow',
  SUCCEEDED: 'green',
  FAILED: 'red',
  CANCELED: 'yellow',
  SKIPPED: 'dim',
} as const;

/** Bars as lines that fit into `columns`. Colours are left out where the terminal wants none. */
export function drawn(bars: readonly Bar[], stream: NodeJS.WriteStream): string {
  const track = Math.max(10, Math.min(longestTrack, (stream.columns ?? 80) - nameWidth - 24));
  return bars.map((bar) => `  ${bar.name.padEnd(nameWidth)}${trackOf(bar, track, stream)}  ${bar.note}`).join('\n');
}

function trackOf({ status, progress }: Bar, width: number, stream: NodeJS.WriteStream): string {
  const full = Math.round(Math.min(1, progress) * width);
  const paint = (tone: Parameters<typeof styleText>[0], text: string): string => styleText(tone, text, { stream });
  return paint(tones[status], '━'.repeat(full)) + paint('dim', '─'.repeat(width - full));
}
