import { expect, test } from 'vitest';
import { leaningOf } from '#domain/moments/leaning.ts';
import { weighMoments } from '#domain/moments/moments.ts';
import { spokenTalks } from '../../support/spoken-talks.ts';
import { linesFrom } from '../../support/talk.ts';

test.each([
  ['It was ninety minutes long.', 'en', true],
  ['So we measured it.', 'en', true],
  ['When they rang nobody woke up.', 'en', true],
  ['nobody woke up.', 'en', true],
  ['The pager rang at night.', 'en', false],
  ['Workers know when they are done.', 'en', false],
  ['Und dann war alles weg.', 'de', true],
  ['Der Rechner stand im Keller.', 'de', false],
  ['Elle est partie.', 'fr', true],
  ['Entonces paramos.', 'es', true],
])('%s (%s) leans on what was said before: %s', (text, language, leans) => {
  const [, , leaning = 0] = leaningOf(linesFrom(['We had a pager for a year.', 'The pager was loud.', text]), language);
  expect(leaning >= 0.5).toBe(leans);
});

test('an answer leans on its question in any language, a question after a question does not', () => {
  const lines = linesFrom(['为什么我们删除索引？ 因为它们从来没有被读过。'.split(' ')].flat());
  expect(leaningOf(lines, 'zh')).toEqual([0, 1]);
  expect(leaningOf(linesFrom(['Who is awake? Who is asleep?']), 'en')).toEqual([0, 0]);
});

test('small letters lean only where sentences are written with capitals', () => {
  const unwritten = linesFrom(['the pager rang at night.', 'nobody woke up.', 'the disk was full.']);
  expect(leaningOf(unwritten, 'en')).toEqual([0, 0, 0]);
});

test.each(spokenTalks)('$talk: hardly a moment opens on what only the sentence before explains', ({ lines }) => {
  const leaning = leaningOf(lines, 'en');
  const choice = { silences: [], count: 5, minDurationMs: 15_000, maxDurationMs: 60_000, language: 'en' };
  const chosen = weighMoments(lines, { ...choice, proposals: null }).filter(({ rejection }) => rejection === null);
  const opening = chosen.map(({ firstLine }) => leaning[lines.findIndex(({ id }) => id === firstLine)] ?? 0);
  expect(chosen.length).toBeGreaterThanOrEqual(3);
  expect(opening[0]).toBeLessThan(0.5);
  expect(opening.filter((leans) => leans >= 0.5).length).toBeLessThanOrEqual(1);
});
