import { createLogUpdate } from 'log-update';
import { unknownRun } from '#client/offprint.ts';
import { type Bar, drawn, runBar, sendingBar, stageBar } from './bars.ts';
import type { RunReader } from './follow-run.ts';
import type { SendingReader } from './send-recording.ts';
import { stageRows } from './stage-rows.ts';

/** Shows a person how far the demo is. */
export interface Display extends SendingReader, RunReader {
  say(line: string): void;
}

/** Bars that grow in place on a terminal; elsewhere a line for each change of state and each quarter. */
export function openDisplay(stream: NodeJS.WriteStream): Display {
  const show = stream.isTTY ? growing(stream) : lineByLine(stream);
  let sending = sendingBar(0, 1);
  let run = unknownRun;
  const draw = (): void => show([sending, ...stageRows(run).map(stageBar), runBar(run)]);
  return {
    say: (line) => void stream.write(`${line}\n`),
    sent(bytes, total) {
      sending = sendingBar(bytes, total);
      draw();
    },
    show(state) {
      run = state;
      draw();
    },
  };
}

function growing(stream: NodeJS.WriteStream): (bars: readonly Bar[]) => void {
  const update = createLogUpdate(stream);
  return (bars) => {
    update(`\n${drawn(bars, stream)}\n`);
    if (bars.every(isOver)) update.done();
  };
}

function lineByLine(stream: NodeJS.WriteStream): (bars: readonly Bar[]) => void {
  const told = new Map<number, string>();
  return (bars) => {
    for (const [place, bar] of bars.entries()) {
      const notch = `${bar.name} ${bar.status} ${Math.floor(bar.progress * 4)}`;
      if (bar.status === 'QUEUED' || told.get(place) === notch) continue;
      told.set(place, notch);
      stream.write(`${bar.name}: ${bar.note}\n`);
    }
  };
}

const isOver = ({ status }: Bar): boolean => !['QUEUED', 'RUNNING', 'WAITING'].includes(status);
