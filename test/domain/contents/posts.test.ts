import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  oneof,
  option,
  record,
  string,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { publishedTexts } from '#domain/contents/body.ts';
import { brokenRules } from '#domain/contents/platform-rules.ts';
import { writePost } from '#domain/contents/posts.ts';
import type { Draft, DraftSentence, LanguageModel, PostKind } from '#providers/language-model.ts';
import { uncached } from '#providers/model-calls.ts';
import { linesFrom } from '../../support/talk.ts';

const lines = linesFrom(['Nobody reads alerts. Delete them.']);
const patient = { signal: new AbortController().signal, calls: uncached };
const source = (maxLength: number | null = null) => ({ title: 't', language: 'en', lines, tone: null, maxLength });
const said = (text: string): DraftSentence => ({ text, lines: [1] });

/** A model that gives the drafts in turn, the last one for ever, and keeps the complaints it hears. */
function stubborn(...drafts: readonly Draft[]): LanguageModel & { complaints: (string | undefined)[] } {
  const complaints: (string | undefined)[] = [];
  return {
    version: 'stubborn',
    provider: 'openai',
    complaints,
    propose: () => Promise.resolve(null),
    write(_kind: PostKind, _source, { complaint }) {
      complaints.push(complaint);
      const draft = drafts[complaints.length - 1] ?? drafts.at(-1);
      return draft ? Promise.resolve(draft) : Promise.reject(new Error('no draft'));
    },
  };
}

describe('writing a post', () => {
  test('asks once when the first draft keeps the rules', async () => {
    const model = stubborn({ kind: 'TWITTER', posts: [[said('Short.')]] });
    await writePost(model, { kind: 'TWITTER', source: source() }, patient);
    expect(model.complaints).toEqual([undefined]);
  });

  test('complains twice, then drops the last whole sentences of the posts that are too long', async () => {
    const long = said(`${'word '.repeat(30)}end.`);
    const model = stubborn({ kind: 'TWITTER', posts: [[said('First.')], [long, said('Second.'), long]] });
    const { body } = await writePost(model, { kind: 'TWITTER', source: source() }, patient);
    expect(model.complaints).toHaveLength(3);
    expect(publishedTexts(body)).toEqual(['First. 1/2', `${long.text} Second. 2/2`]);
  });

  test('drops a post whose only sentence is too long', async () => {
    const model = stubborn({ kind: 'TWITTER', posts: [[said('First.')], [said('x'.repeat(300))], [said('Last.')]] });
    const { body } = await writePost(model, { kind: 'TWITTER', source: source() }, patient);
    expect(publishedTexts(body)).toEqual(['First. 1/2', 'Last. 2/2']);
  });

  test('replaces an excerpt that is too long by a sentence of the article', async () => {
    const draft: Draft = {
      kind: 'BLOG',
      title: said('Quiet'),
      excerpt: said('x'.repeat(200)),
      sections: [{ heading: '', paragraphs: [[said('Nobody reads alerts.')]] }],
      quote: null,
      tags: [],
    };
    const { body } = await writePost(stubborn(draft), { kind: 'BLOG', source: source() }, patient);
    expect(body).toMatchObject({ title: 'Quiet', excerpt: 'Quiet' });
  });

  test('refuses when the only sentence cannot be published', async () => {
    const model = stubborn({ kind: 'TWITTER', posts: [[said('x'.repeat(300))]] });
    const writing = writePost(model, { kind: 'TWITTER', source: source() }, patient);
    await expect(writing).rejects.toMatchObject({ code: 'RULE_BROKEN', facts: { rule: 'x-post-length', found: 300 } });
  });

  test.each(['BLOG', 'LINKEDIN', 'TWITTER', 'INSTAGRAM'] as const)(
    'whatever a model drafts, a %s that comes back breaks no rule and holds whole sentences only',
    async (kind) => {
      const order = option(constantFrom(120, 300, 1_000), { nil: null });
      await assert(
        asyncProperty(draftOf(kind), order, async (draft, maxLength) => {
          const written = await writePost(stubborn(draft), { kind, source: source(maxLength) }, patient).catch(refusal);
          if (written === null) return;
          expect(brokenRules(written.body, { maxLength })).toEqual([]);
          if (written.body.kind !== 'LINKEDIN' && written.body.kind !== 'TWITTER') return;
          const printed = publishedTexts(
            written.body.kind === 'LINKEDIN' ? { ...written.body, hashtags: [] } : written.body,
          );
          expect(letters(printed.map(unnumbered))).toBe(letters(written.sentences.map(({ text }) => text)));
        }),
        { numRuns: 60 },
      );
    },
  );
});

const unnumbered = (text: string): string => text.replace(/ \d+\/\d+$/u, '');

const letters = (texts: readonly string[]): string => texts.join('').replaceAll(/\s/gu, '');

function refusal(thrown: unknown): null {
  if (thrown instanceof Problem && thrown.code === 'RULE_BROKEN') return null;
  throw thrown;
}

const sentence: Arbitrary<DraftSentence> = record({
  text: oneof(
    string({ unit: 'grapheme', maxLength: 30 }),
    string({ unit: constantFrom(...'*_`#-[]() aé'.split('')), maxLength: 12 }),
    constantFrom(
      'A sentence as people say it.',
      '@ana said so.',
      '#one #two',
      `${'long '.repeat(70)}.`,
      '故'.repeat(150),
    ),
  ),
  lines: constant([1]),
});
const paragraphs = array(array(sentence, { maxLength: 4 }), { maxLength: 6 });
const tags = array(string({ unit: 'grapheme', maxLength: 8 }), { maxLength: 40 });

function draftOf(kind: PostKind): Arbitrary<Draft> {
  if (kind === 'LINKEDIN') return record({ kind: constant(kind), paragraphs, hashtags: tags });
  if (kind === 'TWITTER') return record({ kind: constant(kind), posts: paragraphs });
  if (kind === 'INSTAGRAM') {
    const slides = array(sentence, { maxLength: 14 });
    return record({ kind: constant(kind), caption: paragraphs, hashtags: tags, slides });
  }
  const sections = array(record({ heading: string({ maxLength: 20 }), paragraphs }), { maxLength: 3 });
  const quote = option(sentence, { nil: null });
  return record({ kind: constant(kind), title: sentence, excerpt: sentence, sections, quote, tags });
}
