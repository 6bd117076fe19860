import { expect, test } from 'vitest';
import { contentKey } from '#domain/contents/write.ts';

const source = { title: 'Quiet pagers', language: 'en', tone: null, maxLength: null };
const decides = { kind: 'LINKEDIN', source, model: 'openai:m:1', text: 'k:1' } as const;

test.each([
  ['kind', { kind: 'TWITTER' as const }],
  ['title', { source: { ...source, title: 'Loud pagers' } }],
  ['language', { source: { ...source, language: 'de' } }],
  ['tone', { source: { ...source, tone: 'playful' } }],
  ['length', { source: { ...source, maxLength: 300 } }],
  ['model', { model: 'extractive:2' }],
  ['text', { text: 'k:2' }],
])('another %s is another post', (_what, change) => {
  expect(contentKey({ ...decides, ...change })).not.toBe(contentKey(decides));
});

test('what else is known of the source is no part of it', () => {
  const lines = { lines: [], segmentId: 'x' };
  expect(contentKey({ ...decides, source: { ...source, ...lines } })).toBe(contentKey(decides));
});
