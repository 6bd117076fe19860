import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { heardFrom } from '#providers/verbose-answer.ts';

const words = (...texts: string[]) => texts.map((word, at) => ({ word, start: at, end: at + 0.5 }));
const textsOf = (answer: unknown) => heardFrom(answer).words.map((word) => word.text);
const answer = (said: ReturnType<typeof words>, ...texts: string[]) => ({
  text: texts.join(' '),
  language: 'english',
  words: said,
  segments: texts.map((text, at) => ({ text, end: ((at + 1) * said.length) / texts.length })),
});

test('bare words are written as their segments write them', () => {
  const said = words('So', 'its', 'well', 'known', 'I', 'said', '10', 'Right');
  expect(textsOf(answer(said, ' So, it’s "well-known",', ' I said: (10%) Right?'))).toEqual(
    'So, it’s "well- known", I said: (10%) Right?'.split(' '),
  );
});

test('a segment that differs from its words keeps the words, and the next segment is matched again', () => {
  const said = words('ten', 'percent', 'then', 'more');
  expect(textsOf(answer(said, ' 10%.', ' Then, more.'))).toEqual(['ten', 'percent', 'Then,', 'more.']);
});

test('words that no segment holds are kept', () => {
  expect(textsOf(answer(words('one', 'two'), ' One.'))).toEqual(['One.', 'two']);
});

test('a server without segments gives its bare words', () => {
  expect(textsOf({ text: 'one two', words: words('one', 'two') })).toEqual(['one', 'two']);
});

test('no word is lost, doubled or moved by any punctuation', () => {
  const bare = fc.stringMatching(/^[a-zA-Zäßé0-9σΣ]{1,8}$/);
  const marked = fc.tuple(bare, fc.constantFrom('', ',', '.', '?', '…', '!"', ')'), fc.constantFrom('', '"', '(', '¿'));
  fc.assert(
    fc.property(fc.array(fc.array(marked, { minLength: 1 }), { minLength: 1 }), (segments) => {
      const said = words(...segments.flat().map(([word]) => word));
      const texts = segments.map((segment) => segment.map(([word, after, before]) => before + word + after).join(' '));
      const heard = heardFrom(answer(said, ...texts));
      expect(heard.words.map((word) => word.text)).toEqual(texts.join(' ').split(' '));
      expect(heard.words.map((word) => word.startMs)).toEqual(said.map((word) => word.start * 1000));
    }),
  );
});

test.each([
  { name: 'packs like a loop', facts: { compression_ratio: 2.6 } },
  { name: 'is doubted and over silence', facts: { no_speech_prob: 0.8, avg_logprob: -1.3 } },
])('a segment that $name is left out', ({ facts }) => {
  const said = answer(words('real', 'fake', 'real'), ' Real.', ' Fake.', ' Real.');
  const segments = said.segments.map((segment, at) => (at === 1 ? { ...segment, ...facts } : segment));
  expect(textsOf({ ...said, segments })).toEqual(['Real.', 'Real.']);
  expect(heardFrom({ ...said, segments }).inventedWords).toBe(1);
});

test('doubt alone lowers the confidence and loses nothing', () => {
  const said = answer(words('hm'), ' Hm.');
  const heard = heardFrom({ ...said, segments: [{ ...said.segments[0], avg_logprob: Math.log(0.25) }] });
  expect(heard.words[0]?.confidence).toBeCloseTo(0.25);
});

test('the language becomes a tag', () => {
  expect(heardFrom({ text: '', language: 'german' }).language).toBe('de');
  expect(heardFrom({ text: '' }).language).toBe('und');
});

test.each([
  { name: 'a web page', answer: '<html></html>' },
  { name: 'an empty object', answer: {} },
  { name: 'text without word times', answer: { text: 'Hello there.', segments: [] } },
  { name: 'a time that is no number', answer: { text: 'a', words: [{ word: 'a', start: 'now', end: 1 }] } },
  { name: 'a negative time', answer: { text: 'a', words: [{ word: 'a', start: -3, end: 1 }] } },
])('$name is no answer', ({ answer }) => {
  expect(() => heardFrom(answer)).toThrow(z.ZodError);
});
