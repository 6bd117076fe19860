import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { openFolder } from '#base/temp.ts';
import { parseSubtitles, type SubtitleFormat, toSrt, toVtt } from '#captions/subtitles.ts';
import { ffmpegForTests } from '../support/media.ts';

/** Start, end, text: what one cue of a table row must be. */
type Row = readonly [
  name: string,
  format: SubtitleFormat,
  text: string,
  cues: readonly (readonly [number, number, string])[],
];

const table: readonly Row[] = [
  ['a plain file', 'SRT', '1\n00:00:01,000 --> 00:00:02,500\nHello.\n', [[1000, 2500, 'Hello.']]],
  [
    'a byte order mark and CRLF',
    'SRT',
    '\uFEFF1\r\n00:00:01,000 --> 00:00:02,000\r\nHi\r\nthere\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nBye\r\n',
    [
      [1000, 2000, 'Hi there'],
      [3000, 4000, 'Bye'],
    ],
  ],
  ['dots for commas', 'SRT', '1\n00:00:01.250 --> 00:00:02.500\nDots\n', [[1250, 2500, 'Dots']]],
  [
    'no numbers',
    'SRT',
    '00:00:01,000 --> 00:00:02,000\nOne\n\n00:00:02,000 --> 00:00:03,000\nTwo\n',
    [
      [1000, 2000, 'One'],
      [2000, 3000, 'Two'],
    ],
  ],
  [
    'a cue without text',
    'SRT',
    '1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo\n',
    [[3000, 4000, 'Two']],
  ],
  [
    'tags and override blocks',
    'SRT',
    '1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>Up</i> <font color="#fff">here</font>, 1 < 2 <3\n',
    [[1000, 2000, 'Up here, 1 < 2 <3']],
  ],
  ['more than 99 hours', 'SRT', '1\n100:00:01,000 --> 100:00:02,000\nLong\n', [[360_001_000, 360_002_000, 'Long']]],
  [
    'coordinates',
    'SRT',
    '1\n00:00:01,000 --> 00:00:02,000 X1:100 X2:200 Y1:1 Y2:2\nPlaced\n',
    [[1000, 2000, 'Placed']],
  ],
  ['parts of one digit', 'SRT', '1\n0:0:1,5 --> 0:0:2,25\nShort\n', [[1500, 2250, 'Short']]],
  [
    'a blank line inside a cue',
    'SRT',
    '1\n00:00:01,000 --> 00:00:02,000\nUpper\n\nlower\n\n2\n00:00:03,000 --> 00:00:04,000\nNext\n',
    [
      [1000, 2000, 'Upper lower'],
      [3000, 4000, 'Next'],
    ],
  ],
  [
    'no blank line between cues',
    'SRT',
    '1\n00:00:01,000 --> 00:00:02,000\nOne\n2\n00:00:02,000 --> 00:00:03,000\nTwo\n',
    [
      [1000, 2000, 'One'],
      [2000, 3000, 'Two'],
    ],
  ],
  [
    'entities',
    'SRT',
    '1\n00:00:01,000 --> 00:00:02,000\nTom &amp; Ann &lt;3 caf&#233; &#x201c;ok&#x201d;&nbsp;&unknown;\n',
    [[1000, 2000, 'Tom & Ann <3 café “ok” &unknown;']],
  ],
  [
    'cues out of order and without an end',
    'SRT',
    '1\n00:00:05,000 --> 00:00:05,000\nLater\n\n2\n00:00:01,000 --> 00:00:02,000\nFirst\n',
    [
      [1000, 2000, 'First'],
      [5000, 5833, 'Later'],
    ],
  ],
  [
    'notes, styles, regions and settings',
    'VTT',
    'WEBVTT - talk\nKind: captions\n\nNOTE\nignore me\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:r1\n\nintro\n00:01.000 --> 00:02.000 align:start position:0%\nHi\n',
    [[1000, 2000, 'Hi']],
  ],
  ['no blank line after the header', 'VTT', 'WEBVTT\n00:01.000 --> 00:02.000\nHi\n', [[1000, 2000, 'Hi']]],
  [
    'a timestamp map',
    'VTT',
    'WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n00:00:01.000 --> 00:00:02.000\nHi\n',
    [[1000, 2000, 'Hi']],
  ],
  [
    'a ruby reading',
    'VTT',
    'WEBVTT\n\n00:01.000 --> 00:02.000\n<ruby>漢字<rt>かんじ</rt></ruby>です\n',
    [[1000, 2000, '漢字です']],
  ],
  [
    'commas, breaks and comments',
    'ASS',
    '[Script Info]\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nComment: 0,0:00:00.00,0:00:09.00,D,,0,0,0,,no\nDialogue: 0,0:00:01.00,0:00:02.50,D,,0,0,0,,{\\b1}Well,{\\b0} yes\\Nindeed\nDialogue: 1,0:00:01.00,0:00:02.50,D,,0,0,0,,Well, yes\\Nindeed\nDialogue: 0,0:00:01.00,0:00:02.50,D,,0,0,0,,{\\p1}m 0 0 l 1 1{\\p0}\n',
    [[1000, 2500, 'Well, yes indeed']],
  ],
];

const rows = table.map(([name, format, text, expected]) => ({ name, format, text, expected }));

describe('parseSubtitles', () => {
  test.each(rows)('reads $name ($format)', ({ format, text, expected }) => {
    const { cues } = parseSubtitles(text, format);
    expect(cues.map((cue) => [cue.startMs, cue.endMs, cue.text])).toEqual(expected);
  });

  test('keeps who speaks', () => {
    const { cues } = parseSubtitles('WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Bob &amp; Co>Hi</v>\n', 'VTT');
    expect(cues).toMatchObject([{ text: 'Hi', speaker: 'Bob & Co' }]);
  });

  test('keeps the times of stamped words', () => {
    const { cues } = parseSubtitles('WEBVTT\n\n00:01.000 --> 00:03.000\nOne <00:01.500>two<00:02.000> three\n', 'VTT');
    expect(cues[0]?.words?.map(({ text, startMs }) => [text, startMs])).toEqual([
      ['One', 1000],
      ['two', 1500],
      ['three', 2000],
    ]);
  });

  test('keeps the times of karaoke words whose syllables are timed', () => {
    const line = 'Dialogue: 0,0:00:01.00,0:00:03.00,D,Ann,0,0,0,,{\\k50}Hel{\\k30}lo {\\kf40}you';
    const { cues } = parseSubtitles(`[Events]\n${line}\n`, 'ASS');
    expect(cues).toMatchObject([
      {
        text: 'Hello you',
        speaker: 'Ann',
        words: [
          { text: 'Hello', startMs: 1000 },
          { text: 'you', startMs: 1800 },
        ],
      },
    ]);
  });

  test('shows each line of rolling live captions once', () => {
    const lines = ['the first line', 'and a second', 'then a third', 'and the last'];
    const cues = lines.map(
      (line, index) => `00:0${index}.000 --> 00:0${index + 1}.000\n${lines[index - 1] ?? ' '}\n${line}\n`,
    );
    const parsed = parseSubtitles(`WEBVTT\n\n${cues.join('\n')}`, 'VTT');
    expect(parsed.cues.map((cue) => cue.text)).toEqual(lines);
  });

  test('keeps what somebody really says twice', () => {
    const text = ['Yes.', 'Yes.', 'And then it rained.', 'All day.', 'All night.', 'The end.'].map(
      (line, index) => `00:0${index}.000 --> 00:0${index + 1}.000\n${line}\n`,
    );
    expect(parseSubtitles(`WEBVTT\n\n${text.join('\n')}`, 'VTT').cues).toHaveLength(6);
  });

  test.each(['SRT', 'VTT', 'ASS'] as const)('refuses a %s file without a cue', (format) => {
    expect(() => parseSubtitles('nothing of that kind', format)).toThrow(Problem);
  });
});

const anyCues = fc
  .array(
    fc.record({
      gapMs: fc.integer({ min: 1, max: 400_000 }),
      lengthMs: fc.integer({ min: 1, max: 9000 }),
      text: fc
        .array(
          fc.constantFrom('Tom', '&', '<b>', 'a<b', '&amp;', '-->', '{x:y}', '{\\an8}', '42', 'it’s', '漢字', '00:01'),
          { minLength: 1, maxLength: 8 },
        )
        .map((words) => `I ${words.join(' ')}`.replaceAll('漢字 漢字', '漢字')),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((items) => {
    let at = 0;
    return items.map(({ gapMs, lengthMs, text }) => {
      const startMs = at + gapMs;
      at = startMs + lengthMs;
      return { startMs, endMs: at, text };
    });
  });

describe('toSrt and toVtt', () => {
  test.each([
    ['SRT', toSrt],
    ['VTT', toVtt],
  ] as const)('a written %s file is read back as it was', (format, write) => {
    fc.assert(
      fc.property(anyCues, (cues) => {
        const back = parseSubtitles(write(cues), format).cues.map(({ startMs, endMs, text }) => ({
          startMs,
          endMs,
          text,
        }));
        expect(back.map(spaceless)).toEqual(cues.map(spaceless));
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ['SRT', toSrt],
    ['VTT', toVtt],
  ] as const)('any text of any script survives a %s file, whatever marks it holds', (format, write) => {
    const marks = fc.constantFrom(
      '<',
      '>',
      '&',
      '{',
      '}',
      '\\',
      '-->',
      '- ',
      '>>',
      '&amp;lt;',
      '&#38;',
      '\n',
      '\n\n',
      '1',
      ' ',
      '\u200f',
      '🎉',
    );
    const texts = fc.array(fc.oneof(marks, fc.string({ unit: 'grapheme', maxLength: 4 })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(texts, (parts) => {
        const text = `I${parts.join('')}`;
        const cue = { startMs: 1000, endMs: 2000, text };
        const [read, ...others] = parseSubtitles(write([cue], 'ar'), format).cues;
        expect(others).toEqual([]);
        expect(lettersOf(read?.text ?? '')).toBe(lettersOf(text));
      }),
      { numRuns: 300, examples: [[['\n', '\u200f', '- ', '!']]] },
    );
  });

  test('a line of Arabic that begins with a Latin name is marked, so that players set it from right to left', () => {
    const cues = [{ startMs: 0, endMs: 900, text: 'Orders هو الجدول\nالمزدحم' }];
    expect(toVtt(cues, 'ar')).toContain('\n\u200fOrders هو الجدول\nالمزدحم\n');
  });

  test('ffmpeg reads the same cues from both', async () => {
    const cues = [
      { startMs: 1040, endMs: 2500, text: 'Writes dropped from forty milliseconds\nto nine.' },
      { startMs: 3_600_001, endMs: 3_601_999, text: 'Tom & Ann, 1 < 2' },
    ];
    const [fromSrt, fromVtt] = [await readByFfmpeg(toSrt(cues), 'srt'), await readByFfmpeg(toVtt(cues), 'vtt')];
    expect(fromVtt).toEqual(fromSrt);
    expect(fromSrt).toEqual(cues.map((cue) => ({ ...cue, text: cue.text.replace('\n', ' ') })));
  });
});

/** Without spaces, control characters and marks that nobody sees. */
const lettersOf = (text: string): string =>
  text.replace(/[\p{Z}\p{Cc}\s\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu, '');

/** Between scripts with and without spaces the parser decides about the space. */
const spaceless = <T extends { readonly text: string }>(cue: T): T => ({ ...cue, text: cue.text.replaceAll(' ', '') });

async function readByFfmpeg(text: string, extension: string): Promise<unknown> {
  await using folder = await openFolder();
  const [from, to] = [folder.file(`from.${extension}`), folder.file('to.vtt')];
  await writeFile(from, text);
  const { ffmpeg } = (await ffmpegForTests()).tools;
  const { stdout } = await promisify(execFile)(ffmpeg, ['-v', 'error', '-i', from, '-f', 'webvtt', '-', to]);
  return parseSubtitles(stdout, 'VTT').cues.map(({ startMs, endMs, text }) => ({ startMs, endMs, text }));
}
