import { Problem } from '#base/problem.ts';
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

/** At which place of an event each of these stands; -1 for one that the file does not give. */
interface Columns {
  readonly start: number;
  readonly end: number;
  readonly name: number;
  readonly text: number;
}

/** Version 4+ has 10, and no program is known that writes more than two besides. */
const mostColumns = 50;

function columnsOf(list: string): Columns {
  const names = list.split(',', mostColumns + 1).map((name) => name.trim().toLowerCase());
  if (names.length > mostColumns) {
    throw new Problem('INVALID_INPUT', { reason: `Events of ASS captions have at most ${mostColumns} columns.` });
  }
  const [start, end, name, text] = ['start', 'end', 'name', 'text'].map((column) => names.indexOf(column));
  return { start: start ?? -1, end: end ?? -1, name: name ?? -1, text: text ?? -1 };
}

function cueOf(line: string, columns: Columns): SubtitleCue | undefined {
  const fields = line.split(',');
  const field = (at: number): string => fields[at]?.trim() ?? '';
  const [startMs, endMs] = [millisecondsOf(field(columns.start)), millisecondsOf(field(columns.end))];
  const raw = fields.slice(columns.text).join(',');
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
    ...(field(columns.name) !== '' && { speaker: field(columns.name) }),
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
  // Whether the last text ends in a space is known from its last syllable: to look through the text again with each of
  // 60,000 takes minutes.
  let ended = true;
  const texts: { startMs: number; syllables: string[] }[] = [];
  for (const [, block = '', syllable = ''] of text.matchAll(/\{([^{}]*)\}([^{]*)/g)) {
    const hundredths = [...block.matchAll(/\\(?:kf|ko|K|k)(\d+)/g)].at(-1)?.[1];
    if (hundredths === undefined) continue;
    const before = texts.at(-1);
    const joined = before !== undefined && !ended && !/^\s/.test(syllable);
    if (joined) before.syllables.push(syllable);
    else texts.push({ startMs: at, syllables: [syllable] });
    if (!joined || syllable !== '') ended = /\s/.test(syllable.slice(-1));
    at += Number(hundredths) * 10;
  }
  return texts.map(({ startMs: from, syllables }) => ({ startMs: from, text: syllables.join('') }));
}
