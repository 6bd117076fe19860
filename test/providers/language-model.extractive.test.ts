import { expect, test } from 'vitest';
import { weightedLength } from '#base/text-length.ts';
import { lexiconOf } from '#providers/extractive/lexicon.ts';
import { ranked } from '#providers/extractive/ranking.ts';
import { sentencesOf as spokenSentences } from '#providers/extractive/sentences.ts';
import { topicsOf } from '#providers/extractive/topics.ts';
import { extractiveLanguageModel } from '#providers/language-model.extractive.ts';
import { linesFrom, talkLines } from '../support/talk.ts';
import { kinds, patient, sentencesOf, talkSource } from './language-model.contract.ts';

const model = extractiveLanguageModel();
const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

test.each(kinds)('every word of a %s was said in the lines that its sentence names', async (kind) => {
  const texts = new Map(talkLines.map(({ id, text }) => [id, text]));
  for (const { text, lines } of sentencesOf(await model.write(kind, talkSource, patient))) {
    const said = new Set(words(lines.map((line) => texts.get(line)).join(' ')));
    expect(words(text).filter((word) => !said.has(word))).toEqual([]);
  }
});

test.each(kinds)('the same lines give the same %s', async (kind) => {
  expect(await model.write(kind, talkSource, patient)).toEqual(await model.write(kind, talkSource, patient));
});

test.each(kinds)('greetings, thanks, slides and hesitations stay out of a %s', async (kind) => {
  const draft = await model.write(kind, talkSource, patient);
  const text = sentencesOf(draft)
    .map((sentence) => sentence.text)
    .join(' ');
  expect(text).not.toMatch(/thank you|good morning|next slide|my name|hear me|\bu[hm]\b|you know|for questions/i);
});

test('a thread has four to eight posts, each a whole thought in the order of the talk', async () => {
  const draft = await model.write('TWITTER', talkSource, patient);
  if (draft.kind !== 'TWITTER') throw new Error('not a thread');
  const firstLines = draft.posts.slice(1).map((post) => post[0]?.lines[0] ?? -1);
  expect(draft.posts.length).toBeGreaterThanOrEqual(4);
  expect(draft.posts.length).toBeLessThanOrEqual(8);
  expect(firstLines).toEqual([...firstLines].sort((a, b) => a - b));
  for (const post of draft.posts) {
    expect(weightedLength(post.map(({ text }) => text).join(' '))).toBeLessThanOrEqual(276);
    expect(post[0]?.text).not.toMatch(/^(?:and|but|so|it|that|this|because)\b/i);
    expect(post.at(-1)?.text).toMatch(/[.!]$/);
  }
});

test('an article has three to six sections, all but the first with a heading, and ends as the talk does', async () => {
  const draft = await model.write('BLOG', talkSource, patient);
  if (draft.kind !== 'BLOG') throw new Error('not an article');
  const headings = draft.sections.map(({ heading }) => heading);
  expect(headings.length).toBeGreaterThanOrEqual(3);
  expect(headings.length).toBeLessThanOrEqual(6);
  expect(new Set(headings).size).toBe(headings.length);
  expect(headings.findIndex((heading) => heading === '')).toBe(0);
  expect(headings.every((heading) => heading.length <= 60)).toBe(true);
  expect(draft.sections.at(-1)?.paragraphs.at(-1)?.[0]?.text).toBe(
    'If you remember one thing from this talk, remember this.',
  );
});

test('slides are short and do not repeat each other', async () => {
  const draft = await model.write('INSTAGRAM', talkSource, patient);
  if (draft.kind !== 'INSTAGRAM') throw new Error('not a caption');
  expect(draft.slides.length).toBeGreaterThanOrEqual(5);
  expect(draft.slides.length).toBeLessThanOrEqual(8);
  expect(new Set(draft.slides.map(({ text }) => text)).size).toBe(draft.slides.length);
  expect(draft.slides.every(({ text }) => text.length <= 110)).toBe(true);
  expect(draft.hashtags).toContain('Sleep');
});

test('the talk is cut where its subject changes', () => {
  const bread = 'We bake the bread in the oven. The dough of the bread rests overnight. Flour and oven make the bread.';
  const boats =
    'Our boats leave the harbour early. The harbour and the boats wait for wind. Sailors fix the boats there.';
  const lexicon = lexiconOf('en');
  const sentences = ranked(spokenSentences(linesFrom([bread, bread, bread, boats, boats, boats]), lexicon), lexicon);
  const [first = [], second = [], ...rest] = topicsOf(sentences, { most: 2, lexicon });
  expect(rest).toEqual([]);
  expect(first.map(({ text }) => text).join(' ')).not.toContain('harbour');
  expect(second.map(({ text }) => text).join(' ')).not.toContain('bread');
});

test.each(kinds)('a recording of one short remark still gives a %s', async (kind) => {
  const lines = linesFrom(['It rained.']);
  const sentences = sentencesOf(await model.write(kind, { ...talkSource, lines }, patient));
  expect(sentences.map(({ text }) => text.replace(/\.$/, ''))).toContain('It rained');
});

test.each(kinds)('a %s cannot be written from silence', async (kind) => {
  const writing = model.write(kind, { ...talkSource, lines: [] }, patient);
  await expect(writing).rejects.toMatchObject({ code: 'MEDIA_NO_SPEECH' });
});
