import { sourceMs } from '#base/time.ts';
import { plainText, type StampedText, type SubtitleCue, stampedWords } from './subtitles-text.ts';

/** Columns of an event when the file does not name them: those of version 4+. */
const usualColumns = 'Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text';

/** The dialogue of an ASS or SSA file. Layers that show the same text at the same time count once. */
export function parseAss(lines: readonly string[]): SubtitleCue[] {
  let columns = columnsOf(usualColumns);
  let inEvents = false;
  const cues = new Map<string, SubtitleCue>();
  for (const line of lines) {
    if (/^\s*\[/.test(line)) inEvents = /^\s*\[events\]/i.test(line);
    if (inEvents && /^\s*format:/i.test(line)) columns = columnsOf(line.slice(line.indexOf(':') + 1));
    const cue = inEvents && /^\s*dialogue:/i.test(line) ? cueOf(line.slice(line.indexOf(':') + 1), columns) : undefined;
    if (cue) cues.set(`${cue.startMs} ${cue.endMs} ${cue.text}`, cue);
  }
  return [...cues.values()];
}

const columnsOf = (list: string): string[] => list.split(',').map((name) => name.trim().toLowerCase());

function cueOf(line: string, columns: readonly string[]): SubtitleCue | undefined {
  const fields = line.split(',');
  const field = (name: string): string => fields[columns.indexOf(name)]?.trim() ?? '';
  const [startMs, endMs] = [millisecondsOf(field('start')), millisecondsOf(field('end'))];
  const raw = fields.slice(columns.indexOf('text')).join(',');
  if (startMs === undefined || endMs === undefined || endMs <= startMs || /\{[^{}]*\\p[1-9]/.test(raw))
    return undefined;
  const span = { startMs: sourceMs(startMs), endMs: sourceMs(endMs) };
  const text = raw
    .replace(/\\[Nnh]/g, ' ')
    .replaceAll('\\{', opening)
    .replaceAll('\\}', closing);
  const stamped = karaoke(text, startMs);
  return {
    ...span,
    text: withBraces(plainText([text.replace(/\{[^{}]*\}/g, '')])),
    ...(field('name') !== '' && { speaker: field('name') }),
    ...(stamped.length > 0 && {
      words: stampedWords(stamped, span).map((word) => ({ ...word, text: withBraces(word.text) })),
    }),
  };
}

/** Escaped braces are text; they stand aside while override blocks are stripped. */
const [opening, closing] = ['\uE000', '\uE001'];
const withBraces = (text: string): string => text.replaceAll(opening, '{').replaceAll(closing, '}');

function millisecondsOf(clock: string): number | undefined {
  const parts = /^(\d+):(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?$/.exec(clock);
  if (!parts) return undefined;
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + Number((parts[4] ?? '0').padEnd(3, '0'));
}

/** `{\k50}` says how many hundredths of a second the text after it lasts. Syllables of a word are joined. */
function karaoke(text: string, startMs: number): StampedText[] {
  let at = startMs;
  const texts: StampedText[] = [];
  for (const [, block = '', piece = ''] of text.matchAll(/\{([^{}]*)\}([^{]*)/g)) {
    const hundredths = [...block.matchAll(/\\(?:kf|ko|K|k)(\d+)/g)].at(-1)?.[1];
    if (hundredths === undefined) continue;
    const before = texts.at(-1);
    if (before && !/\s$/.test(before.text) && !/^\s/.test(piece)) {
      texts[texts.length - 1] = { ...before, text: before.text + piece };
    } else texts.push({ startMs: at, text: piece });
    at += Number(hundredths) * 10;
  }
  return texts;
}
