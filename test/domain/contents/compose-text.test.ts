import { assert, constantFrom, oneof, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { escapeMarkdown, plain, slugOf } from '#domain/contents/compose-text.ts';

const marks = string({ unit: constantFrom(...'*_`#-+[]() a'.split('')) });
const anyText = oneof(marks, string({ unit: 'grapheme', maxLength: 200 }));

test.each([
  ['Two * stars_and [a](b) `code`', 'Two \\* stars\\_and \\[a\\](b) \\`code\\`'],
  ['# not a heading', '\\# not a heading'],
  ['1. not a list', '1\\. not a list'],
  ['- not a list', '\\- not a list'],
  ['a <b> & | c', 'a \\<b\\> & \\| c'],
  ['#1 of all', '#1 of all'],
  ['over\nlines', 'over lines'],
])('%j shows as it is written', (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});

test.each([
  ['**Bold** and `code`', 'Bold and code'],
  ['## Heading', 'Heading'],
  ['- item', 'item'],
  ['See [the site](https://example.com).', 'See the site (https://example.com).'],
  ['2 * 3 - 1', '2 * 3 - 1'],
])('%j loses its marks', (text, without) => {
  expect(plain(text)).toBe(without);
});

test.each([
  ['Two years ago, our pager rang!', 'two-years-ago-our-pager-rang'],
  ["Don't panic", 'dont-panic'],
  ['Größe & Façade', 'grosse-facade'],
  ['データ基盤の話', 'データ基盤の話'],
  ['!!!', 'post'],
  ['', 'post'],
])('the slug of %j is %j', (title, slug) => {
  expect(slugOf(title)).toBe(slug);
});

test('plain text stays plain, and every slug has the form of a slug', () => {
  assert(
    property(anyText, (text) => {
      expect(slugOf(text)).toMatch(/^[^\s\p{Lu}\p{P}]+(?:-[^\s\p{Lu}\p{P}]+)*$/u);
      expect(Array.from(slugOf(text)).length).toBeLessThanOrEqual(80);
      expect(plain(text)).not.toMatch(/\*\*|__|`|\]\(|^#{1,6} |^[-*+] |\n/u);
    }),
  );
});
