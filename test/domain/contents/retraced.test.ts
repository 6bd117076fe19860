import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceMs } from '#base/time.ts';
import type { ContentBody, ContentSentence } from '#domain/contents/body.ts';
import { retraced } from '#domain/contents/retraced.ts';

const lines = [
  'We lost a recording of three hours and nobody noticed.',
  'The disk was full because logs filled it every night.',
  'So we measured how many bytes each worker writes.',
].map((text, at) => ({
  id: at + 1,
  segmentId: `segment-${at}`,
  startMs: sourceMs(at * 3000),
  endMs: sourceMs(at * 3000 + 2000),
  text,
}));

const source = (at: number): ContentSentence['sources'][number] => {
  const { segmentId = '', startMs = 0, endMs = 0, text = '' } = lines[at] ?? {};
  return { segmentId, startMs, endMs, text };
};
const before: ContentSentence[] = [
  { text: 'Three hours were gone!', supported: true, sources: [source(0)] },
  { text: 'Logs did it', supported: true, sources: [source(1)] },
  { text: 'Trust us. It is true.', supported: false, sources: [] },
];
const post = (text: string): ContentBody => ({ kind: 'LINKEDIN', text, hashtags: ['disks'] });
const traced = (body: ContentBody) => retraced(body, { before, lines, language: 'en' });

test('a sentence that stands there as before keeps its sources, in whatever order', () => {
  expect(traced(post('Logs did it\n\nTrust us. It is true. Three hours were gone!'))).toEqual([
    before[1],
    before[2],
    before[0],
  ]);
});

test('a new sentence is not supported', () => {
  expect(traced(post('Three hours were gone! Buy our disks today. They are large.'))).toEqual([
    before[0],
    { text: 'Buy our disks today.', supported: false, sources: [] },
    { text: 'They are large.', supported: false, sources: [] },
  ]);
});

test('a sentence inside a longer one does not lend it its sources', () => {
  expect(traced(post('Logs did it not.'))).toEqual([{ text: 'Logs did it not.', supported: false, sources: [] }]);
  expect(traced(post('Nobody says that: Three hours were gone!')).every(({ supported }) => !supported)).toBe(true);
});

test('a new sentence that quotes the recording word for word is supported by the lines it quotes', () => {
  expect(traced(post('“…nobody noticed — the DISK was full”.'))).toMatchObject([
    { supported: true, sources: [source(0), source(1)] },
  ]);
  expect(traced(post('So we measured how.'))).toMatchObject([{ supported: true, sources: [source(2)] }]);
  expect(traced(post('The disk was.'))).toMatchObject([{ supported: false, sources: [] }]);
});

test('of an article title, excerpt and paragraphs are traced, without headings and marks', () => {
  const body: ContentBody = {
    kind: 'BLOG',
    title: 'Lost',
    slug: 'lost',
    excerpt: 'Three hours were gone!',
    markdown: '## Why\n\nLogs did it\n\n> Three hours were gone!\n\n- **Each** worker\\_writes.',
    tags: [],
  };
  expect(traced(body).map(({ text, supported }) => [text, supported])).toEqual([
    ['Lost', false],
    ['Three hours were gone!', true],
    ['Logs did it', true],
    ['Three hours were gone!', true],
    ['Each worker_writes.', false],
  ]);
});

test('of a thread the numbers are no part of a sentence', () => {
  const body: ContentBody = { kind: 'TWITTER', posts: [{ text: 'Logs did it 1/2', weightedLength: 15 }] };
  expect(traced(body)).toEqual([before[1]]);
});

test('every word of a text stands in one of its sentences, and nothing is supported by nothing', () => {
  const sentence = fc.constantFrom(...before.map(({ text }) => text), 'Something new.', 'And?', 'no end');
  fc.assert(
    fc.property(fc.array(sentence, { maxLength: 8 }), (sentences) => {
      const found = traced(post(sentences.join('\n\n')));
      const words = (texts: readonly string[]) => texts.join(' ').split(/\s+/u).filter(Boolean);
      expect(words(found.map(({ text }) => text))).toEqual(words(sentences));
      expect(found.every(({ supported, sources }) => supported === sources.length > 0)).toBe(true);
    }),
  );
});
