import { expect, test } from 'vitest';
import { parseSubtitles, type SubtitleFormat } from '#captions/subtitles.ts';

const dialogue = (span: string, text: string): string => `Dialogue: 0,${span},D,,0,0,0,,${text}`;

/** A plain cue, then one of 200,000 letters that begin something again and again and never end it. */
const cueOf: Record<SubtitleFormat, (text: string) => string> = {
  SRT: (text) => `00:00:00,000 --> 00:00:01,000\nHello\n\n00:00:01,000 --> 00:00:02,000\n${text}`,
  VTT: (text) => `WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n\n00:01.000 --> 00:02.000\n${text}`,
  ASS: (text) => `[Events]\n${dialogue('0:00:00.00,0:00:01.00', 'Hello')}\n${dialogue('0:00:01.00,0:00:02.00', text)}`,
};

const rows: readonly [SubtitleFormat, string, string][] = [
  ['SRT', 'readings of ruby', '<rt>'],
  ['SRT', 'a time stamp', `<1${':'.repeat(200_000)}`],
  ['SRT', 'override blocks', '{\\'],
  ['SRT', 'lines of one letter', 'a\n'],
  ['VTT', 'voices', '<v a'],
  ['VTT', 'a voice without a name', `<v${' '.repeat(200_000)}`],
  ['ASS', 'blocks', '{'],
  ['ASS', 'drawings', '{\\p'],
  ['ASS', 'syllables', `{${'\\k1'.repeat(60_000)}`],
];

// Before, each of these took from ten seconds to minutes; with the two million letters of an upload, hours.
test.each(rows)('%s captions that hold %s without an end are read in a moment', (format, _what, part) => {
  const text = cueOf[format](part.repeat(Math.ceil(200_000 / part.length)));
  const before = performance.now();
  expect(parseSubtitles(text, format).cues[0]).toMatchObject({ text: 'Hello' });
  expect(performance.now() - before).toBeLessThan(4_000);
});
