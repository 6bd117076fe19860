import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { chapterText } from '#domain/chapters/chapter-text.ts';
import { chaptersOf } from '#domain/chapters/chapters.ts';
import { spokenTalks } from '../../support/spoken-talks.ts';
import { linesFrom, talkLines } from '../../support/talk.ts';

const durationOf = (lines: readonly { endMs: number }[]) => sourceMs((lines.at(-1)?.endMs ?? 0) + 1_500);
const told = (lines: readonly { endMs: number }[]) => ({
  language: 'en',
  durationMs: durationOf(lines),
  subjects: null,
});

describe('chaptersOf', () => {
  test('finds where a talk changes its subject', () => {
    const [sample, , bread] = spokenTalks.map(({ lines }) => lines.map(({ text }) => text));
    const both = linesFrom([...(sample ?? []), ...(bread ?? [])]);
    const turnMs = both[linesFrom(sample ?? []).length]?.startMs ?? 0;
    const starts = chaptersOf(both, told(both)).map(({ startMs }) => startMs);
    expect(starts.some((startMs) => Math.abs(startMs - turnMs) < 15_000)).toBe(true);
  });

  test("a model's subjects are the chapters, with its titles", () => {
    const subjects = [
      { line: 1, title: 'Eleven hundred\nalerts' },
      { line: 30, title: 'Deleting' },
      { line: 60, title: 'Sleep' },
    ];
    const chapters = chaptersOf(talkLines, { ...told(talkLines), subjects });
    expect(chapters.map(({ title }) => title)).toEqual(['Eleven hundred alerts', 'Deleting', 'Sleep']);
    expect(chapters.map(({ startMs }) => startMs)).toEqual([0, talkLines[29]?.startMs, talkLines[59]?.startMs]);
  });

  test('subjects that are too near each other do not all become chapters', () => {
    const subjects = [2, 3, 4, 30, 31, 60].map((line) => ({ line, title: `Subject ${line}` }));
    const chapters = chaptersOf(talkLines, { ...told(talkLines), subjects });
    expect(chapters.every(({ startMs, endMs }) => endMs - startMs >= 10_000)).toBe(true);
    expect(chapters.length).toBeGreaterThanOrEqual(3);
  });

  test('a talk too short for three chapters has none, nor has one of no words', () => {
    const short = linesFrom(['Only this was said. It took no time at all.']);
    expect(chaptersOf(short, told(short))).toEqual([]);
    expect(chaptersOf([], told([]))).toEqual([]);
  });

  test('chapters keep the rules of platforms, whatever is said', () => {
    const sentence = fc.constantFrom(
      'The next topic is bread.',
      'We deleted every alert that nobody needed.',
      'A starter is flour and water.',
      '我们删除了十一个索引。',
      'And so on.',
      'Um.',
    );
    const subject = fc.record({ line: fc.integer({ min: 1, max: 80 }), title: fc.string() });
    const asked = fc.tuple(
      fc.array(sentence, { minLength: 1, maxLength: 80 }),
      fc.option(fc.array(subject, { maxLength: 12 })),
      fc.constantFrom('en', 'de', 'zh'),
    );
    fc.assert(
      fc.property(asked, ([said, subjects, language]) => {
        const lines = linesFrom(said);
        const durationMs = durationOf(lines);
        const chapters = chaptersOf(lines, { language, durationMs, subjects });
        if (chapters.length === 0) return;
        expect(chapters.length).toBeGreaterThanOrEqual(3);
        expect(chapters[0]?.startMs).toBe(0);
        expect(chapters.at(-1)?.endMs).toBe(durationMs);
        for (const [at, { startMs, endMs, title }] of chapters.entries()) {
          expect(endMs - startMs).toBeGreaterThanOrEqual(10_000);
          expect(startMs).toBe(at === 0 ? 0 : chapters[at - 1]?.endMs);
          expect(title.trim()).not.toBe('');
          expect(title).not.toMatch(/[\r\n]/);
          expect(title.length).toBeLessThanOrEqual(70);
        }
        expect(new Set(chapters.map(({ title }) => title)).size).toBe(chapters.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('chapterText', () => {
  const chapters = [
    { startMs: 0, endMs: 83_400, title: 'Intro' },
    { startMs: 83_400, endMs: 3_725_999, title: 'Q & A --> <b>' },
    { startMs: 3_725_999, endMs: 3_800_000, title: 'End' },
  ];

  test('lines for a description count seconds down and hours only where there are some', () => {
    expect(chapterText(chapters, 'DESCRIPTION')).toBe('0:00 Intro\n1:23 Q & A --> <b>\n1:02:05 End\n');
  });

  test('a WebVTT track has a cue for each, with what would be markup escaped', () => {
    expect(chapterText(chapters, 'WEBVTT')).toBe(
      [
        'WEBVTT',
        '',
        '00:00:00.000 --> 00:01:23.400',
        'Intro',
        '',
        '00:01:23.400 --> 01:02:05.999',
        'Q &amp; A --&gt; &lt;b&gt;',
        '',
        '01:02:05.999 --> 01:03:20.000',
        'End',
        '',
      ].join('\n'),
    );
  });
});
