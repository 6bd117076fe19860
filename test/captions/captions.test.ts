import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captionCues, captionLayoutFor, captionLayouts } from '#captions/captions.ts';
import { captionReport } from '#captions/captions-report.ts';
import { said, speech } from '../support/speech.ts';

const talk = said(
  'We removed eleven of them from a busy table and the whole system got faster.',
  450,
  'Writes dropped from forty milliseconds to nine, because each insert no longer had to update eleven trees.',
  900,
  'So the lesson is simple: an index you never read is a tax you always pay.',
);

describe('captionCues', () => {
  test('breaks a talk where a reader would, in wide and in upright pictures', () => {
    expect(captionCues(talk, captionLayouts.LANDSCAPE).map((cue) => cue.text)).toMatchInlineSnapshot(`
      [
        "We removed eleven of them from a busy
      table and the whole system got faster.",
        "Writes dropped from forty milliseconds
      to nine, because each insert no longer",
        "had to update eleven trees.",
        "So the lesson is simple: an index
      you never read is a tax you always pay.",
      ]
    `);
    expect(captionCues(talk, captionLayouts.PORTRAIT).map((cue) => cue.text)).toMatchInlineSnapshot(`
      [
        "We removed eleven",
        "of them
      from a busy table",
        "and the whole system",
        "got faster.",
        "Writes dropped
      from forty",
        "milliseconds
      to nine,",
        "because each insert
      no longer",
        "had to update
      eleven trees.",
        "So the lesson
      is simple:",
        "an index
      you never read",
        "is a tax
      you always pay.",
      ]
    `);
  });

  test.each(['LANDSCAPE', 'SQUARE', 'PORTRAIT'] as const)('a talk at normal speed breaks no hard rule (%s)', (name) => {
    const {
      FAST: _fast,
      TOO_SHORT: short,
      ...faults
    } = captionReport(captionCues(talk, captionLayouts[name]), captionLayouts[name]);
    expect(Object.entries(faults).filter(([, cues]) => cues.length > 0)).toEqual([]);
    expect(short.length).toBeLessThanOrEqual(1);
  });

  test.each(['LANDSCAPE', 'PORTRAIT'] as const)(
    'every word comes once, in order, and no cue overlaps another (%s)',
    (name) => {
      const layout = captionLayouts[name];
      fc.assert(
        fc.property(speech(), (words) => {
          const cues = captionCues(words, layout);
          expect(cues.flatMap((cue) => cue.words)).toEqual(words);
          expect(cues.flatMap((cue) => cue.lines.join(' ').split(' '))).toEqual(words.map((word) => word.text));
          for (const [index, cue] of cues.entries()) {
            expect(cue.startMs).toBe(cue.words[0]?.startMs);
            expect(cue.endMs).toBeGreaterThan(cue.startMs);
            expect(cue.endMs).toBeLessThanOrEqual(cues[index + 1]?.startMs ?? Number.POSITIVE_INFINITY);
          }
          const { LINE_TOO_LONG: long, TOO_MANY_LINES: many } = captionReport(cues, layout);
          expect([long, many]).toEqual([[], []]);
        }),
      );
    },
  );

  test('words of one moment are still shown one after the other', () => {
    const [word] = said('same');
    const cues = captionCues(
      Array.from({ length: 60 }, () => word ?? { text: '', startMs: 0, endMs: 0 }),
      captionLayouts.PORTRAIT,
    );
    expect(cues.flatMap((cue) => cue.words)).toHaveLength(60);
    expect(captionReport(cues, captionLayouts.PORTRAIT).OVERLAP).toEqual([]);
  });

  test('a single short word stays long enough to be read', () => {
    const [cue] = captionCues(said('Yes.'), captionLayouts.LANDSCAPE);
    expect((cue?.endMs ?? 0) - (cue?.startMs ?? 0)).toBe(833);
  });

  test('nothing said, nothing shown', () => {
    expect(captionCues([], captionLayouts.LANDSCAPE)).toEqual([]);
  });

  test('the layout follows the picture', () => {
    expect([
      captionLayoutFor({ width: 1920, height: 1080 }),
      captionLayoutFor({ width: 1080, height: 1080 }),
      captionLayoutFor({ width: 1080, height: 1920 }),
    ]).toEqual([captionLayouts.LANDSCAPE, captionLayouts.SQUARE, captionLayouts.PORTRAIT]);
  });
});

describe('captionReport', () => {
  test('names each broken rule', () => {
    const words = said('nobody reads this');
    const cue = { startMs: 0, endMs: 300, lines: ['nobody can read the', 'a', 'b'], text: '', words };
    const next = { ...cue, startMs: 250, endMs: 9000, lines: ['x'.repeat(50)], words: said('end') };
    const report = captionReport([{ ...cue, words: said('nobody can read the') }, next], captionLayouts.LANDSCAPE);
    expect(report).toEqual({
      LINE_TOO_LONG: [1],
      TOO_MANY_LINES: [0],
      FAST: [],
      TOO_FAST: [0],
      TOO_SHORT: [0],
      TOO_LONG: [1],
      OVERLAP: [0],
      GAP_TOO_SMALL: [0],
      PHRASE_SPLIT: [0],
    });
  });
});
