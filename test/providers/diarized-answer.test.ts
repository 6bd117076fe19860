import { expect, test } from 'vitest';
import { z } from 'zod';
import { turnsFrom } from '#providers/diarized-answer.ts';

const turn = (speaker: string, start: number, end: number) => ({ speaker, start, end, text: ` said by ${speaker}. ` });
const answer = (...segments: ReturnType<typeof turn>[]) => ({ text: 'said', segments });

test('turns come in order, in milliseconds, with their voices', () => {
  const { turns, words, language } = turnsFrom(answer(turn('B', 4, 6.5), turn('A', 0.25, 3)));
  expect(turns).toEqual([
    { speaker: 'A', startMs: 250, endMs: 3000, text: 'said by A.' },
    { speaker: 'B', startMs: 4000, endMs: 6500, text: 'said by B.' },
  ]);
  expect(words).toEqual([]);
  expect(language).toBe('und');
});

test('where two speak at once the first gives way, but keeps half of its time', () => {
  const { turns } = turnsFrom(answer(turn('A', 0, 4), turn('B', 3, 6), turn('A', 3.5, 7)));
  expect(turns.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [0, 3000],
    [3000, 4500],
    [3500, 7000],
  ]);
});

test.each([
  { name: 'a web page', answer: '<html></html>' },
  { name: 'an empty object', answer: {} },
  { name: 'text without turns', answer: { text: 'Hello there.', segments: [] } },
  { name: 'a turn of nobody', answer: answer(turn(' ', 0, 1)) },
  { name: 'a negative time', answer: answer(turn('A', -1, 1)) },
])('$name is no answer', ({ answer }) => {
  expect(() => turnsFrom(answer)).toThrow(z.ZodError);
});
