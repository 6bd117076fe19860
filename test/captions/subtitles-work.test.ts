import { expect, test } from 'vitest';
import { parseSubtitles, type SubtitleFormat } from '#captions/subtitles.ts';
import { scannedBy } from '../support/scanned.ts';

const ass = (lines: string): string => `[Events]\n${lines}`;
const dialogue = (text: string): string => ass(`Dialogue: 0,0:00:00.00,2:00:00.00,D,,0,0,0,,${text}`);
const block = (at: number, text: string): string =>
  `00:00:${String(at % 60).padStart(2, '0')}.000 --> 00:00:59.000\n${text}\n\n`;
const blocks = (count: number, text: string): string =>
  Array.from({ length: count }, (_, at) => block(at, text)).join('');

const rows: readonly [SubtitleFormat, string, (count: number) => string][] = [
  ['ASS', 'syllables of one word', (count) => dialogue('{\\k1}aaaaa'.repeat(count))],
  ['ASS', 'empty syllables', (count) => dialogue(`{\\k1}a${'{\\k1}'.repeat(count)}`)],
  [
    'ASS',
    'lines without fields',
    (count) => ass(`${'Dialogue:\n'.repeat(count)}Dialogue: 0,0:00:00.00,0:00:01.00,,,,,,,a`),
  ],
  [
    'ASS',
    'lists of columns',
    (count) => ass(`${'Format: Start, End, Text\n'.repeat(count)}Dialogue: 0:00:00.00,0:00:01.00,a`),
  ],
  ['VTT', 'cues of one letter', (count) => blocks(count, 'a')],
  ['SRT', 'cues of one letter', (count) => blocks(count, 'a')],
  ['VTT', 'cues that roll', (count) => blocks(count, 'a\nb\na\nb')],
  ['VTT', 'stamped words', (count) => block(0, '<00:00:01.000>a'.repeat(count))],
  ['VTT', 'stamped letters among Chinese ones', (count) => block(0, `<00:00:01.000>\u6211${'a-'.repeat(count)}`)],
  ['VTT', 'one word', (count) => block(0, 'a'.repeat(count))],
  ['VTT', 'combining marks', (count) => block(0, `a${'\u0301'.repeat(count)}`)],
];

test.each(rows)('%s captions of twice as many %s take twice the work to read', (format, _what, textOf) => {
  const [once, twice] = [200, 400].map((count) => scannedBy(() => parseSubtitles(textOf(count), format)));
  expect(twice).toBeLessThan(2.2 * (once ?? 0));
});

test('a list of more columns than any program writes is refused', () => {
  const text = ass(`Format:${','.repeat(100)}\n${'Dialogue:\n'.repeat(100)}`);
  expect(() => parseSubtitles(text, 'ASS')).toThrow(/at most 50 columns/);
});
