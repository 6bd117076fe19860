import { describe, expect, test } from 'vitest';
import { weightedLength } from '#base/text-length.ts';
import { extractiveLanguageModel } from '#providers/language-model.extractive.ts';
import type { Draft, DraftSentence, PostKind, TranscriptLine } from '#providers/language-model.ts';
import { uncached } from '#providers/model-calls.ts';
import { spokenTalks } from '../../support/spoken-talks.ts';
import { linesFrom } from '../../support/talk.ts';

const model = extractiveLanguageModel();
const [{ lines: sample }, , { lines: bread }] = spokenTalks;

async function written<K extends PostKind>(kind: K, lines: readonly TranscriptLine[]) {
  const source = { title: 'Talk', language: 'en', lines, tone: null, maxLength: null };
  const draft = await model.write(kind, source, { signal: new AbortController().signal, calls: uncached });
  const isWanted = (any: Draft): any is Extract<Draft, { kind: K }> => any.kind === kind;
  if (!isWanted(draft)) throw new Error(`not a ${kind}`);
  return draft;
}

const textOf = (sentences: readonly DraftSentence[]): string => sentences.map(({ text }) => text).join(' ');
const bare = (text: string): string => text.replace(/[.!?]$/, '').toLowerCase();

describe.each(spokenTalks)('the article of $talk', ({ lines }) => {
  test('says neither its title nor a heading again below it', async () => {
    const { title, sections } = await written('BLOG', lines);
    expect(bare(sections[0]?.paragraphs[0]?.[0]?.text ?? '')).not.toBe(bare(title.text));
    for (const { heading, paragraphs } of sections) {
      expect(paragraphs.flat().map(({ text }) => bare(text))).not.toContain(bare(heading));
    }
  });

  test('opens without a heading, then heads every section differently in words that it was given', async () => {
    const { sections } = await written('BLOG', lines);
    const [first, ...others] = sections.map(({ heading }) => heading);
    expect(first).toBe('');
    expect(others.length).toBeGreaterThanOrEqual(2);
    expect(new Set([...others, '']).size).toBe(sections.length);
    const said = bare(lines.map(({ text }) => text).join(' '));
    for (const heading of others) expect(said).toContain(heading.toLowerCase());
  });

  test('is not announced by what stands right below, and quotes a line from elsewhere', async () => {
    const { excerpt, quote, sections } = await written('BLOG', lines);
    const top = textOf((sections[0]?.paragraphs ?? []).flat());
    const next = textOf(sections[1]?.paragraphs[0] ?? []);
    expect(`${top} ${next}`).not.toContain(excerpt.text);
    expect(quote?.text.length).toBeGreaterThan(20);
    expect(`${top} ${next}`).not.toContain(quote?.text);
  });
});

describe.each(spokenTalks)('the thread of $talk', ({ lines }) => {
  test('has a hook that is more than a line, and no post that breaks off', async () => {
    const { posts } = await written('TWITTER', lines);
    const texts = posts.map(textOf);
    expect(weightedLength(texts[0] ?? '')).toBeGreaterThan(100);
    for (const text of texts) {
      expect(weightedLength(text)).toBeLessThanOrEqual(276);
      expect(text).toMatch(/[.!]$/);
    }
  });
});

describe('the posts of the sample talk', () => {
  test('never answer a doubt without the doubt, nor raise it without the answer', async () => {
    const drafts = await Promise.all([written('TWITTER', sample), written('LINKEDIN', sample)]);
    const passages = drafts.flatMap((draft) => (draft.kind === 'TWITTER' ? draft.posts : draft.paragraphs)).map(textOf);
    const [doubt] = passages.filter((text) => text.includes('does not scale'));
    expect(doubt).toContain('We measured it');
    const { slides } = await written('INSTAGRAM', sample);
    expect(textOf(slides)).not.toMatch(/does not scale|embarrassingly small|is one idea|inside that gap/);
  });

  test('keep an opener that its verb needs', async () => {
    expect(textOf((await written('LINKEDIN', sample)).paragraphs.flat())).toContain('Then comes the second half');
  });

  test('are tagged by things, not by words that are only frequent', async () => {
    const { hashtags } = await written('LINKEDIN', sample);
    expect(hashtags).toEqual(expect.arrayContaining(['Database', 'Queue']));
    const tags = (await written('BLOG', sample)).tags.concat(hashtags).join(' ');
    expect(tags).not.toMatch(/already|gone|inside|name|lost|lines/i);
  });

  test('quote the lesson without the words that lead to it', async () => {
    const { quote } = await written('BLOG', sample);
    expect(quote?.text).toBe('Never save the promise in one place and the work in another.');
  });
});

test('names and phrases that come back are tags of their own', async () => {
  const { hashtags } = await written('INSTAGRAM', bread);
  expect(hashtags).toEqual(expect.arrayContaining(['SourdoughStarter', 'MariaRossi', 'Bread']));
});

test('a talk that names no thing twice gets no tags', async () => {
  const { hashtags } = await written('LINKEDIN', linesFrom(['We went there. Then we quickly came back. It rained.']));
  expect(hashtags).toEqual([]);
});

test('a form that is filled in again and again is printed once', async () => {
  const form = (thing: string): string => `We measured the ${thing} over thirty days and plotted it by hour.`;
  const others = [
    'The worker waits for the lock.',
    'Every row has an owner.',
    'Rain fell on the roof.',
    'The cache grew.',
  ];
  const draft = await written('BLOG', linesFrom([[form('queue'), ...others, form('cache'), form('worker')].join(' ')]));
  const body = textOf(draft.sections.flatMap(({ paragraphs }) => paragraphs.flat()));
  expect(`${draft.title.text} ${body}`.match(/plotted it by hour/g) ?? []).toHaveLength(1);
});
