import { array, assert, integer, property, record, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { lexiconOf } from '#providers/extractive/lexicon.ts';
import { sentencesOf } from '#providers/extractive/sentences.ts';
import type { TranscriptLine } from '#providers/language-model.ts';

const english = lexiconOf('en-GB');

/** Lines of one second each; a number between two texts is the pause in milliseconds, 100 by default. */
function lines(...parts: readonly (string | number)[]): TranscriptLine[] {
  let at = 0;
  return parts.flatMap((part, index) => {
    if (typeof part === 'number') {
      at += part - 100;
      return [];
    }
    const startMs = at;
    at += 1_100;
    const endMs = sourceMs(startMs + 1_000);
    return [{ id: index, segmentId: `s${index}`, startMs: sourceMs(startMs), endMs, text: part }];
  });
}

const textsOf = (...parts: readonly (string | number)[]) =>
  sentencesOf(lines(...parts), english).map(({ text }) => text);

describe('the sentences of a talk', () => {
  test('are cut out of a line that holds several, each with that line', () => {
    expect(sentencesOf(lines('We measured. Nothing moved!'), english)).toMatchObject([
      { text: 'We measured.', lines: [0] },
      { text: 'Nothing moved!', lines: [0] },
    ]);
  });

  test('are joined over lines that hold parts of one, with all of them', () => {
    expect(sentencesOf(lines('We measured for', 'two whole years.'), english)).toMatchObject([
      { text: 'We measured for two whole years.', lines: [0, 1] },
    ]);
  });

  test('end at a long pause where the recogniser wrote no mark', () => {
    expect(textsOf('We measured', 900, 'nothing moved')).toEqual(['We measured.', 'Nothing moved.']);
  });

  test('are not ended by an abbreviation, an initial or a decimal', () => {
    expect(textsOf('Dr. Ana B. Ruiz paid 3.5 million. Twice.')).toEqual([
      'Dr. Ana B. Ruiz paid 3.5 million.',
      'Twice.',
    ]);
  });

  test.each([
    ['Um, so, we, uh, measured it, you know.', 'We measured it.'],
    ['Okay, so the the pager rang, right?', 'The pager rang.'],
    ['So that nobody forgets, we wrote it down.', 'So that nobody forgets, we wrote it down.'],
    ['If it wakes you, you fix it.', 'If it wakes you, you fix it.'],
    ['So comes the second half.', 'So comes the second half.'],
    ['So every step has to be safe.', 'Every step has to be safe.'],
    ['And suddenly our alerts were, uh, they were beautiful.', 'And suddenly our alerts were beautiful.'],
    ['I want to be very clear here, um, the people were fine.', 'The people were fine.'],
  ])('%j prints as %j', (spoken, text) => {
    expect(textsOf(spoken)).toEqual([text]);
  });

  test('keep a conjunction inside a passage and lose it where they stand first', () => {
    expect(sentencesOf(lines('And nobody read it.'), english)).toMatchObject([
      { text: 'And nobody read it.', first: 'Nobody read it.' },
    ]);
  });

  test.each([
    ['Then comes the second half.', 'Then comes the second half.'],
    ['And came back the next day.', 'And came back the next day.'],
    ['Then I met her.', 'I met her.'],
    ['But people were scared.', 'People were scared.'],
    ['And tired engineers write bugs.', 'Tired engineers write bugs.'],
  ])('%j stands first as %j', (spoken, first) => {
    expect(sentencesOf(lines(spoken), english)).toMatchObject([{ first }]);
  });

  test('of a script without spaces are cut at its own marks and joined without spaces', () => {
    const japanese = sentencesOf(lines('眠りは安い。警報は', '高い。'), lexiconOf('ja'));
    expect(japanese.map(({ text }) => text)).toEqual(['眠りは安い。', '警報は高い。']);
  });

  test('name every line that has words, in order, whatever the lines are', () => {
    const line = record({ text: string({ unit: 'grapheme' }), pause: integer({ min: 0, max: 3_000 }) });
    assert(
      property(array(line), (spoken) => {
        const all = lines(...spoken.flatMap(({ text, pause }) => [text, pause]));
        const sentences = sentencesOf(all, lexiconOf('und'));
        const named = sentences.flatMap((sentence) => sentence.lines);
        expect([...named].sort((a, b) => a - b)).toEqual(named);
        expect(sentences.map(({ at }) => at)).toEqual(sentences.map((_, at) => at));
        expect(sentences.every(({ startMs, endMs }) => startMs < endMs)).toBe(true);
      }),
    );
  });
});
