import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { clipMs } from '#base/time.ts';
import { heardColumn, heardIn } from '#providers/heard.ts';

const milliseconds = fc.nat(600_000).map(clipMs);
const word = fc.record(
  {
    text: fc.string(),
    startMs: milliseconds,
    endMs: milliseconds,
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  },
  { requiredKeys: ['text', 'startMs', 'endMs'] },
);

const turn = fc.record({ startMs: milliseconds, endMs: milliseconds, text: fc.string(), speaker: fc.string() });
const heards = fc.record({
  language: fc.constantFrom('en', 'pt-BR', 'und'),
  words: fc.array(word),
  turns: fc.array(turn),
  inventedWords: fc.nat(),
});

test('what was heard is the same after it was remembered', () => {
  fc.assert(
    fc.property(heards, (heard) => {
      expect(heardIn(JSON.parse(JSON.stringify(heardColumn(heard))))).toEqual(JSON.parse(JSON.stringify(heard)));
    }),
  );
});

test.each([null, {}, { language: 'en', words: [['a', 1, 2]] }, { words: [] }])(
  '%j is nothing that was heard',
  (stored) => {
    expect(() => heardIn(stored)).toThrow(z.ZodError);
  },
);
