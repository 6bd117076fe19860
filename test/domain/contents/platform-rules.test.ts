import { array, assert, integer, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { weightedLength } from '#base/text-length.ts';
import type { ContentBody } from '#domain/contents/body.ts';
import { brokenRules } from '#domain/contents/platform-rules.ts';

const blog = (parts: Partial<Extract<ContentBody, { kind: 'BLOG' }>> = {}): ContentBody => ({
  kind: 'BLOG',
  title: 'Quiet pagers',
  slug: 'quiet-pagers',
  excerpt: 'Fewer alarms made us faster.',
  markdown: 'Fewer alarms made us faster.',
  tags: ['on-call'],
  ...parts,
});
const linkedin = (text: string, hashtags: string[] = []): ContentBody => ({ kind: 'LINKEDIN', text, hashtags });
const thread = (...texts: string[]): ContentBody => ({
  kind: 'TWITTER',
  posts: texts.map((text) => ({ text, weightedLength: weightedLength(text) })),
});
const instagram = (parts: Partial<Extract<ContentBody, { kind: 'INSTAGRAM' }>> = {}): ContentBody => ({
  kind: 'INSTAGRAM',
  caption: 'Fewer alarms.',
  hashtags: ['OnCall'],
  slides: ['Fewer alarms.'],
  ...parts,
});
const many = (count: number) => Array.from({ length: count }, (_, at) => `tag${at}`);

const cases: readonly (readonly [what: string, body: ContentBody, broken: readonly string[]])[] = [
  ['an article within its limits', blog(), []],
  ['a title of 100 characters', blog({ title: 'é'.repeat(100) }), []],
  ['a title of 101 characters', blog({ title: 'é'.repeat(101) }), ['blog-title-length']],
  ['no title', blog({ title: '' }), ['blog-title-length']],
  ['an excerpt of 161 characters', blog({ excerpt: 'x'.repeat(161) }), ['blog-excerpt-length']],
  ['a slug with capitals', blog({ slug: 'Quiet' }), ['blog-slug-form']],
  ['a slug with a double dash', blog({ slug: 'quiet--pagers' }), ['blog-slug-form']],
  ['a slug in Japanese', blog({ slug: 'データ-基盤' }), []],
  ['an article without text', blog({ markdown: ' \n' }), ['blog-text-length']],
  ['a LinkedIn post of 3000 characters', linkedin('x'.repeat(3_000)), []],
  ['a LinkedIn post whose hashtags pass 3000', linkedin('x'.repeat(2_998), ['a']), ['linkedin-text-length']],
  ['markdown on LinkedIn', linkedin('## Heading'), ['linkedin-markdown']],
  ['bold on LinkedIn', linkedin('a **bold** word'), ['linkedin-markdown']],
  ['a dash inside a LinkedIn sentence', linkedin('one - two'), []],
  ['a LinkedIn hashtag of digits alone', linkedin('text', ['2026']), ['linkedin-hashtag-form']],
  ['LinkedIn hashtags without a text', linkedin('', ['OnCall']), ['linkedin-text-present']],
  ['a post of 280 on X', thread('x'.repeat(280)), []],
  ['a post of 281 on X', thread('ok', 'x'.repeat(281)), ['x-post-length']],
  ['141 ideographs on X', thread('故'.repeat(141)), ['x-post-length']],
  ['no post at all', thread(), ['x-posts']],
  ['30 hashtags on Instagram', instagram({ hashtags: many(30) }), []],
  ['31 hashtags on Instagram', instagram({ hashtags: many(31) }), ['instagram-hashtags']],
  ['one of 31 hashtags in the caption', instagram({ caption: '#one', hashtags: many(30) }), ['instagram-hashtags']],
  [
    '21 mentions on Instagram',
    instagram({
      caption: many(21)
        .map((n) => `@${n}`)
        .join(' '),
    }),
    ['instagram-mentions'],
  ],
  ['11 slides on Instagram', instagram({ slides: many(11) }), ['instagram-slides']],
  [
    'an Instagram caption of 2201',
    instagram({ caption: 'x'.repeat(2_201), hashtags: [] }),
    ['instagram-caption-length'],
  ],
];

describe('the rules of the platforms', () => {
  test.each(cases)('%s', (_what, body, broken) => {
    expect(brokenRules(body).map(({ rule }) => rule)).toEqual(broken);
  });

  test('a broken rule says what was found, where, and what is allowed', () => {
    expect(brokenRules(thread('ok', 'x'.repeat(300)))).toEqual([
      { rule: 'x-post-length', facts: { found: 300, at: 1, least: 1, most: 280 } },
    ]);
  });

  test("the caller's own limit counts all that is published", () => {
    expect(brokenRules(thread('x'.repeat(60), 'x'.repeat(60)), { maxLength: 100 })).toMatchObject([
      { rule: 'max-length', facts: { found: 120, most: 100 } },
    ]);
    expect(brokenRules(linkedin('x'.repeat(95), ['abc']), { maxLength: 100 })).toHaveLength(1);
  });

  test('a thread is fit for X exactly when each of its posts weighs 1 to 280', () => {
    const post = string({ unit: 'grapheme', minLength: 0, maxLength: 400 });
    assert(
      property(array(post, { minLength: 1, maxLength: 5 }), integer({ min: 1, max: 280 }), (texts, fill) => {
        const posts = [...texts, 'x'.repeat(fill)];
        const fit = posts.every((text) => weightedLength(text) >= 1 && weightedLength(text) <= 280);
        expect(brokenRules(thread(...posts)).length === 0).toBe(fit);
      }),
    );
  });
});
