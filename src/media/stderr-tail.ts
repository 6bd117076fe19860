import { redact } from '#base/redact.ts';

/** The last lines a program said, without its progress, and without names of the machine or of the recording. */
export interface StderrTail {
  /** Takes one line; a progress line updates `reachedMs` instead of being kept. */
  take(line: string): void;
  lines(): string[];
  /** How far ffmpeg says it has come on the output's timeline, in milliseconds. */
  readonly reachedMs: number;
  /** CPU time that ffmpeg says it took (`-benchmark`), in milliseconds; 0 before it said so. */
  readonly cpuMs: number;
}

/** Keeps the last `limit` lines. `files` are names that must not get into a log. */
export function stderrTail(files: readonly string[], limit = 60): StderrTail {
  const kept: string[] = [];
  let reachedMs = 0;
  let cpuMs = 0;
  return {
    take(line) {
      const time = timemark(line);
      if (time !== undefined) reachedMs = Math.max(reachedMs, time);
      else if (line.startsWith('bench: ')) cpuMs += benchedMs(line);
      else if (line.trim() !== '' && !tag.test(line)) kept.push(line);
      if (kept.length > limit) kept.shift();
    },
    lines: () => kept.map((line) => nameless(line, files)),
    get reachedMs() {
      return reachedMs;
    },
    get cpuMs() {
      return cpuMs;
    },
  };
}

/** A line of the input's tags, such as its title: the user's words, of no use in a log. */
const tag = /^\s{4,}(?:[^\s:]+ +: |[^\s:]{16,}: |: )/;

/** Milliseconds of `time=00:01:02.34` in a progress line; `time=N/A` counts as zero. */
function timemark(line: string): number | undefined {
  const found = /\btime=(?:N\/A|(-?)(\d+):(\d\d):(\d\d(?:\.\d+)?))/.exec(line);
  if (!found) return undefined;
  const [, sign, hours = 0, minutes = 0, seconds = 0] = found;
  return sign ? 0 : Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}

/** User and system time of `bench: utime=1.234s stime=0.056s rtime=…`, as both the old and the new build print it. */
const benchedMs = (line: string): number =>
  [...line.matchAll(/\b[us]time=(\d+(?:\.\d+)?)s/g)].reduce(
    (sum, [, seconds]) => sum + Math.round(Number(seconds) * 1000),
    0,
  );

function nameless(line: string, files: readonly string[]): string {
  const hidden = files.reduce((text, file) => text.replaceAll(file, '[file]'), line);
  return redact(hidden).replaceAll(/(?:\/[^/\s'":]+){2,}/g, '[path]');
}
