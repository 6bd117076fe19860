import { type Span, sourceMs } from '#base/time.ts';
import { plainText, type StampedText, type SubtitleCue, stampedWords } from './subtitles-text.ts';

/** A cue with the lines it was read from. */
export interface BlockCue extends SubtitleCue {
  readonly lines: readonly string[];
}

const clock = String.raw`(?:(\d+):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?`;
const timing = new RegExp(String.raw`^\s*${clock}\s*-+>\s*${clock}`);
const stamp = new RegExp(`<${clock}>`, 'g');

/**
 * SubRip and WebVTT by the same rule: a line with an arrow starts a cue, so headers, notes, styles, regions, missing
 * numbers and missing blank lines need no rule of their own. A blank line ends a cue in WebVTT; in SubRip text may go on.
 */
export function parseBlocks(lines: readonly string[], format: 'SRT' | 'VTT'): BlockCue[] {
  const starts = lines.flatMap((line, index) => (timing.test(line) ? [index] : []));
  return starts.flatMap((start, index) => {
    const block = lines.slice(start + 1, starts[index + 1] ?? lines.length);
    const last = index === starts.length - 1;
    return cueOf(lines[start] ?? '', format === 'VTT' ? vttText(block) : srtText(block, last));
  });
}

/** A line of spaces before the text is how live captions show an empty first line. */
function vttText(block: readonly string[]): string[] {
  const first = Math.max(
    0,
    block.findIndex((line) => line === '' || line.trim() !== ''),
  );
  const blank = block.findIndex((line, index) => index >= first && line.trim() === '');
  return block.slice(first, blank < 0 ? block.length : blank);
}

/** Without the number of the next cue. */
function srtText(block: readonly string[], last: boolean): string[] {
  const text = block.filter((line) => line.trim() !== '');
  return !last && /^\s*\d+\s*$/.test(text.at(-1) ?? '') ? text.slice(0, -1) : text;
}

function cueOf(timingLine: string, lines: readonly string[]): BlockCue[] {
  const parts = timing.exec(timingLine);
  if (!parts) return [];
  const [startMs, wantedEndMs] = [millisecondsOf(parts.slice(1, 5)), millisecondsOf(parts.slice(5, 9))];
  const endMs = wantedEndMs > startMs ? wantedEndMs : startMs + readingMs(lines);
  return [blockCue({ startMs: sourceMs(startMs), endMs: sourceMs(endMs) }, lines)];
}

/** The cue that these lines make. */
export function blockCue({ startMs, endMs }: Span, lines: readonly string[]): BlockCue {
  const speaker = /<v(?:\.[^\s<>]*)?\s([^<>]+)>/i.exec(lines.join('\n'))?.[1];
  const stamped = stampedTexts(lines.join(' '), startMs);
  return {
    startMs,
    endMs,
    lines,
    text: plainText(lines),
    ...(speaker !== undefined && { speaker: plainText([speaker]) }),
    ...(stamped.length > 1 && { words: stampedWords(stamped, { startMs, endMs }) }),
  };
}

/** A cue without a usable end is shown for as long as it takes to read it at 15 characters a second. */
const readingMs = (lines: readonly string[]): number => Math.max(833, Math.round(plainText(lines).length * 67));

/** `01:02:03,5` is half a second: digits after the mark are a decimal fraction. */
function millisecondsOf([hours, minutes, seconds, fraction]: readonly (string | undefined)[]): number {
  const whole = (Number(hours ?? 0) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1000 + Number((fraction ?? '0').padEnd(3, '0'));
}

function stampedTexts(text: string, startMs: number): StampedText[] {
  const stamps = [...text.matchAll(stamp)];
  const starts = [startMs, ...stamps.map((match) => millisecondsOf(match.slice(1, 5)))];
  const texts = text.replace(stamp, '\u0000').split('\u0000');
  return texts.map((piece, index) => ({ startMs: starts[index] ?? startMs, text: piece }));
}
