import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { type Moment, weighMoments } from '#domain/moments/moments.ts';
import type { MomentsWanted } from '#domain/moments/rounds.ts';
import type { LoudnessCurve } from '#domain/moments/signals.ts';
import type { Marks, ProposedMoment, TranscriptLine } from '#providers/language-model.ts';
import { joinWords } from '#timeline/word-timing.ts';

/** Lines at speaking speed with a pause after each, or after `|` a long one. */
function lines(texts: readonly string[]): TranscriptLine[] {
  let at = 1000;
  return texts.map((raw, index) => {
    const text = raw.replace(/\|$/, '').trim();
    const startMs = sourceMs(at);
    const endMs = sourceMs(at + text.length * 65);
    at = endMs + (raw.endsWith('|') ? 1500 : 400);
    return { id: index + 1, segmentId: `s${index}`, text, startMs, endMs };
  });
}

/** Those that were chosen, best first. */
const chooseMoments = (
  spoken: readonly TranscriptLine[],
  choice: MomentsWanted & { loudness?: LoudnessCurve },
): Moment[] => weighMoments(spoken, choice).filter(({ rejection }) => rejection === null);

/** A model's proposal with the same mark on every question. */
const proposed = (firstLine: number, lastLine: number, mark: number): ProposedMoment => ({
  firstLine,
  lastLine,
  title: 'What the textbook says',
  summary: '',
  topics: ['textbooks'],
  marks: { hook: mark, standsAlone: mark, payoff: mark, novelty: mark } satisfies Marks,
});

const wanted: MomentsWanted = {
  silences: [],
  count: 5,
  minDurationMs: 15_000,
  maxDurationMs: 60_000,
  language: 'en',
  proposals: null,
};

const filler = [
  'Now, let us look at the composite key a bit more closely.',
  'You will find that the sequential scan behaves differently under load.',
  'Um, let me find the right slide for this.',
  'The textbook says that the leaf page comes first.',
  'Some of you asked about the query planner during the break.',
  'I would start with the index and leave the rest for later.|',
];
const highlight = [
  'Here is the surprising part about indexes.',
  'We removed eleven of them from a busy table and the whole system got faster.',
  'Writes dropped from forty milliseconds to nine, because each insert no longer had to update eleven trees.',
  'So the lesson is simple: an index you never read is a tax you always pay.|',
];
const talk = lines([...filler, ...filler, ...highlight, ...filler, ...filler, ...filler]);

describe('chooseMoments', () => {
  test('finds the passage that is worth sharing and tells it in the speaker’s words', () => {
    const [moment] = chooseMoments(talk, { ...wanted, count: 1 });
    expect(moment).toMatchObject({
      firstLine: 13,
      lastLine: 16,
      startMs: talk[12]?.startMs,
      endMs: talk[15]?.endMs,
      importance: 1,
      title: 'An index you never read is a tax you always pay',
      summary: `${highlight[0]} ${highlight[3]?.replace('|', '')}`,
      quote: highlight[3]?.replace('|', ''),
      topics: expect.arrayContaining(['indexes']),
    });
    expect(moment?.signals).toMatchObject({ hook: expect.any(Number), pauses: 1 });
  });

  test('chooses among the 1.6 million windows of three hours that may last ten minutes', () => {
    const hours = Array.from({ length: 5400 }, (_, at) => ({
      id: at + 1,
      segmentId: `s${at}`,
      text: at === 2700 ? 'So the lesson of 40 years is simple.' : 'We go on to the next key here.',
      startMs: sourceMs(at * 2000),
      endMs: sourceMs(at * 2000 + 1900),
    }));
    const moments = chooseMoments(hours, { ...wanted, maxDurationMs: 600_000 });
    expect(moments).toHaveLength(5);
  });

  test('prefers moments about the topics asked for', () => {
    const cache = [
      'A cold cache after a deploy can take the database down.',
      'Measure the hit ratio before you celebrate.',
    ];
    const other = lines([...filler, ...cache, ...filler, ...filler, ...highlight, ...filler]);
    const choice = { ...wanted, count: 1, minDurationMs: 5000, maxDurationMs: 30_000 };
    expect(chooseMoments(other, choice)).toMatchObject([{ firstLine: 21, lastLine: 24 }]);
    const [moment] = chooseMoments(other, { ...choice, topics: ['Hit ratio'] });
    expect(moment?.firstLine).toBeLessThanOrEqual(8);
    expect(moment?.lastLine).toBeGreaterThanOrEqual(8);
  });

  test.each([60, 90, 120, 180])('a talk of %i s still gives three to five moments', (seconds) => {
    const short = lines([...filler, ...highlight, ...filler, ...filler, ...filler, ...filler]).filter(
      (line) => line.endMs <= seconds * 1000,
    );
    const moments = chooseMoments(short, wanted);
    expect(moments.length).toBeGreaterThanOrEqual(3);
    expect(moments.length).toBeLessThanOrEqual(5);
  });

  test('two sentences are one moment, no sentence is none', () => {
    expect(chooseMoments(lines(['This is short.', 'That is all.']), wanted)).toHaveLength(1);
    expect(chooseMoments([], wanted)).toEqual([]);
  });

  test('a sentence longer than allowed is still a moment', () => {
    expect(chooseMoments(lines(['word '.repeat(400)]), wanted)).toHaveLength(1);
  });

  test('a model’s proposal wins, is grown to the shortest length and keeps its title', () => {
    const [moment, ...rest] = chooseMoments(talk, { ...wanted, count: 2, proposals: [proposed(4, 4, 23)] });
    expect(moment).toMatchObject({
      title: 'What the textbook says',
      topics: ['textbooks'],
      signals: { judgedHook: 0.92, judgedNovelty: 0.92 },
    });
    expect(moment?.firstLine).toBeLessThanOrEqual(4);
    expect(moment?.lastLine).toBeGreaterThanOrEqual(4);
    expect((moment?.endMs ?? 0) - (moment?.startMs ?? 0)).toBeGreaterThanOrEqual(15_000);
    expect(rest.map((other) => other.firstLine)).toEqual([13]);
  });

  test('a proposal of lines that do not exist is ignored', () => {
    expect(chooseMoments(talk, { ...wanted, count: 1, proposals: [proposed(900, 901, 25)] })).toMatchObject([
      { firstLine: 13, lastLine: 16 },
    ]);
  });

  test('loud lines win over equal quiet ones', () => {
    const same = lines(Array.from({ length: 40 }, () => 'We measured this very long series again and again today.'));
    const levels = Array.from({ length: 300 }, (_, second) => (second >= 60 && second < 90 ? -10 : -30));
    const [moment] = chooseMoments(same, { ...wanted, count: 1, loudness: { stepMs: 1000, levels } });
    expect(moment?.startMs).toBeGreaterThanOrEqual(50_000);
    expect(moment?.endMs).toBeLessThanOrEqual(100_000);
  });

  test('moments share no line, are true to the transcript and have clean titles, whatever is said', () => {
    const texts = fc.array(
      fc.constantFrom(...filler, ...highlight, 'Yes.', 'ÄH, 我们删除了十一个索引。', 'WHY NOT?', '…', 'and so on and'),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(
        texts,
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom('en', 'de', 'zh', 'xx'),
        (said, count, language) => {
          const spoken = lines(said);
          const moments = chooseMoments(spoken, { ...wanted, count, language });
          expect(moments.length).toBeLessThanOrEqual(count);
          expect(moments.length).toBeGreaterThanOrEqual(1);
          const taken = moments.flatMap((moment) =>
            spoken.filter((line) => line.id >= moment.firstLine && line.id <= moment.lastLine),
          );
          expect(new Set(taken).size).toBe(taken.length);
          for (const moment of moments) {
            const text = joinWords(
              spoken
                .filter((line) => line.id >= moment.firstLine && line.id <= moment.lastLine)
                .map((line) => line.text),
            );
            expect(text).toContain(moment.quote);
            expect(moment.title.length).toBeLessThanOrEqual(70);
            expect(moment.title).toMatch(/^\P{Ll}.*[^,;:]$/u);
            expect(moment.importance).toBeGreaterThanOrEqual(0);
            expect(moment.importance).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
