import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { captionLayouts, shapeOf } from '#captions/caption-layouts.ts';
import { captionCues } from '#captions/captions.ts';
import {
  type CaptionRule,
  type CaptionsReport,
  captionRules,
  reportOf,
  settingFaults,
} from '#captions/captions-report.ts';
import { spreadWords } from '#timeline/word-timing.ts';
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
        "We removed eleven of them
      from a busy table",
        "and the whole system got faster.",
        "Writes dropped from forty milliseconds",
        "to nine, because each insert
      no longer had to update eleven trees.",
        "So the lesson is simple: an index
      you never read is a tax you always pay.",
      ]
    `);
    expect(captionCues(talk, captionLayouts.PORTRAIT).map((cue) => cue.text)).toMatchInlineSnapshot(`
      [
        "We removed
      eleven of them",
        "from a busy table",
        "and the whole system",
        "got faster.",
        "Writes dropped",
        "from forty
      milliseconds",
        "to nine,
      because each insert",
        "no longer
      had to update",
        "eleven trees.",
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
    const layout = captionLayouts[name];
    const broken = rulesBroken(reportOf(captionCues(talk, layout, 'en'), layout, 'en'));
    expect(broken.filter((rule) => captionRules[rule].severity === 'FAULT' && rule !== 'TOO_SHORT')).toEqual([]);
    // "from forty milliseconds" is longer than an upright line.
    expect(broken.includes('PHRASE_SPLIT')).toBe(name === 'PORTRAIT');
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
          expect(rulesBroken(reportOf(cues, layout))).not.toContain('LINE_TOO_LONG');
          expect(rulesBroken(reportOf(cues, layout))).not.toContain('TOO_MANY_LINES');
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
    expect(rulesBroken(reportOf(cues, captionLayouts.PORTRAIT))).not.toContain('OVERLAP');
  });

  test('a single short word stays long enough to be read', () => {
    const [cue] = captionCues(said('Yes.'), captionLayouts.LANDSCAPE);
    expect((cue?.endMs ?? 0) - (cue?.startMs ?? 0)).toBe(833);
  });

  test('nothing said, nothing shown', () => {
    expect(captionCues([], captionLayouts.LANDSCAPE)).toEqual([]);
  });

  test.each([
    {
      language: 'en',
      text: 'I told Dr. Lovelace that the engine would never need a second attempt.',
      never: /(Dr\.|the|a)\n/,
    },
    {
      language: 'de',
      text: 'Wir haben gestern auf der großen Bühne über den schnellen Index gesprochen.',
      never: /de[rn]\n/,
    },
    {
      language: 'ja',
      text: '混雑したテーブルから11個のインデックスを削除したところ、速くなりました。',
      never: /\n[はがをにでの]/,
    },
    { language: 'zh', text: '我们从一张繁忙的表里删除了十一个索引，整个系统因此快了很多。', never: /十\n|\n[的了里]/ },
  ])('keeps words together that belong together ($language)', ({ language, text, never }) => {
    const words = spreadWords({ startMs: sourceMs(0), endMs: sourceMs(text.length * 80), text }, []);
    const cues = captionCues(words, captionLayouts.PORTRAIT, language);
    expect(cues.map((cue) => cue.text).join('\n')).not.toMatch(never);
  });

  test('a clause that came as one word is set in lines all the same', () => {
    const text = '今天天气很好我们一起去公园玩吧因为明天可能会下雨';
    const cues = captionCues([{ text, startMs: 0, endMs: 5000 }], captionLayouts.PORTRAIT, 'zh');
    expect(cues.map((cue) => cue.lines.join('')).join('')).toBe(text);
    expect(rulesBroken(reportOf(cues, captionLayouts.PORTRAIT, 'zh'))).not.toContain('LINE_TOO_LONG');
  });

  test('a gap of up to half a second is closed to two frames, a longer one stays', () => {
    const [first, second, third] = captionCues(said('It works.', 300, 'It really does.', 2500, 'Good.'), {
      ...captionLayouts.LANDSCAPE,
      maxMs: 1500,
    });
    expect((second?.startMs ?? 0) - (first?.endMs ?? 0)).toBe(80);
    expect((third?.startMs ?? 0) - (second?.endMs ?? 0)).toBeGreaterThan(500);
  });

  test('no single word of a sentence is left over in an upright picture', () => {
    const words = said('The team that owned the old search service wrote a very long report about it in the spring.');
    const cues = captionCues(words, captionLayouts.PORTRAIT, 'en');
    expect(cues.filter((cue) => cue.words.length === 1).map((cue) => cue.text)).toEqual([]);
  });

  test('the layout follows the picture', () => {
    expect([
      shapeOf({ width: 1920, height: 1080 }),
      shapeOf({ width: 1080, height: 1080 }),
      shapeOf({ width: 1080, height: 1920 }),
    ]).toEqual(['LANDSCAPE', 'SQUARE', 'PORTRAIT']);
  });
});

describe('reportOf', () => {
  test('names each broken rule with how often, how badly and where', () => {
    const words = said('nobody can read. The');
    const cue = { startMs: 0, endMs: 300, lines: ['nobody can read. The', 'a', 'b'], text: '', words };
    const next = { ...cue, startMs: 250, endMs: 9000, lines: ['x'.repeat(50)], words: said('end') };
    const last = { ...next, startMs: 9300, endMs: 10_300, lines: ['Fine.'], words: said('Fine.') };
    const { cueCount, violations } = reportOf([cue, next, last], captionLayouts.LANDSCAPE, 'en');
    expect(cueCount).toBe(3);
    expect(violations).toEqual([
      { rule: 'LINE_TOO_LONG', count: 1, worst: 50, worstAtMs: 250 },
      { rule: 'TOO_MANY_LINES', count: 1, worst: 3, worstAtMs: 0 },
      { rule: 'TOO_FAST', count: 1, worst: 80, worstAtMs: 0 },
      { rule: 'TOO_SHORT', count: 1, worst: 300, worstAtMs: 0 },
      { rule: 'TOO_LONG', count: 1, worst: 8750, worstAtMs: 250 },
      { rule: 'OVERLAP', count: 1, worst: 50, worstAtMs: 0 },
      { rule: 'GAP_TOO_SMALL', count: 1, worst: 0, worstAtMs: 0 },
      { rule: 'GAP_LEFT_OPEN', count: 1, worst: 300, worstAtMs: 250 },
      { rule: 'PHRASE_SPLIT', count: 1, worst: 1, worstAtMs: 0 },
      { rule: 'SENTENCE_CROSSED', count: 1, worst: 1, worstAtMs: 0 },
    ]);
  });

  test('good captions break nothing', () => {
    expect(reportOf([], captionLayouts.LANDSCAPE)).toEqual({ cueCount: 0, violations: [] });
  });
});

describe('settingFaults', () => {
  const layout = captionLayouts.PORTRAIT;
  const [cue] = captionCues(said('We removed eleven.'), layout);
  const held = (part: object) => settingFaults(cue ? [{ ...cue, ...part }] : [], layout);

  test('names lines that are too long or too many, and captions of the same moment', () => {
    expect(held({})).toEqual([]);
    expect(held({ lines: ['We removed eleven of them.'] })).toEqual(['LINE_TOO_LONG']);
    expect(held({ lines: ['We', 'removed', 'eleven.'] })).toEqual(['TOO_MANY_LINES']);
    expect(settingFaults(cue ? [cue, cue] : [], layout)).toEqual(['OVERLAP']);
  });

  test('finds none in what we set, whatever is said: words that fit no line cannot be broken', () => {
    const letters = fc.constantFrom('a', 'e', 'i', 'g', '-', '.', ' ', '今', 'ไ', 'ش', '👩‍👩‍👧');
    const text = fc.string({ unit: letters, minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        speech(),
        fc.array(text, { minLength: 1 }),
        fc.constantFrom('en', 'zh', 'th'),
        (words, odd, language) => {
          const spoken = words.map((word, at) => (at % 3 === 1 ? { ...word, text: odd[at % odd.length] ?? '' } : word));
          for (const one of Object.values(captionLayouts)) {
            expect(settingFaults(captionCues(spoken, one, language), one)).toEqual([]);
          }
        },
      ),
    );
  });
});

const rulesBroken = ({ violations }: CaptionsReport): CaptionRule[] => violations.map(({ rule }) => rule);
