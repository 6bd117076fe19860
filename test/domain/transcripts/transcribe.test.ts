import { expect, test } from 'vitest';
import { transcribeKey } from '#domain/transcripts/transcribe.ts';

const decides = { source: 'a'.repeat(64), version: 'openai:m:1', language: null, sidecar: null, fresh: null };

test.each([
  ['recording', { source: 'b'.repeat(64) }],
  ['recogniser', { version: 'openai:m:2' }],
  ['language', { language: 'de' }],
  ['caption file', { sidecar: { format: 'SRT' as const, language: null, text: '1' } }],
])('another %s makes another transcript', (_what, change) => {
  expect(transcribeKey({ ...decides, ...change })).not.toBe(transcribeKey(decides));
});

test('a transcript asked for again is not the usual one, but is found where the usual one is looked for', () => {
  const usual = transcribeKey(decides);
  const again = transcribeKey({ ...decides, fresh: crypto.randomUUID() });
  expect(again).not.toBe(transcribeKey({ ...decides, fresh: crypto.randomUUID() }));
  expect(again.startsWith(usual)).toBe(true);
  expect(usual.startsWith(again)).toBe(false);
});
