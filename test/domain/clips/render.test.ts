import { expect, test } from 'vitest';
import { clipMs, sourceMs } from '#base/time.ts';
import { renditionKey } from '#domain/clips/rendition-key.ts';

const order = {
  recording: { sha256: 'a'.repeat(64), layout: [], changes: [], facts: { video: { width: 1920, height: 1080 } } },
  cuts: [{ startMs: sourceMs(0), endMs: sourceMs(4000) }],
  preset: 'LANDSCAPE_720P',
  captionStyle: 'BURNED_PLAIN',
  safeArea: 'EVERYWHERE',
  language: 'en',
  rows: [],
  fadesIn: new Set<number>(),
  chapters: [],
  words: [{ text: 'Hello.', startMs: clipMs(0), endMs: clipMs(900) }],
} as const;
const ffmpeg = '5.1.9/1';

test.each([
  ['recording', { recording: { ...order.recording, sha256: 'b'.repeat(64) } }],
  ['cut', { cuts: [{ startMs: sourceMs(40), endMs: sourceMs(4000) }] }],
  ['crossfade', { fadesIn: new Set([1]) }],
  ['chapter', { chapters: [{ startMs: 0, endMs: 4000, title: 'Hours' }] }],
  ['part of the picture', { rows: [{ shape: 'LANDSCAPE' as const, plan: { kind: 'CENTRE' } }] }],
  ['shape', { preset: 'SQUARE_1080P' as const }],
  ['caption style', { captionStyle: 'BURNED_KARAOKE' as const }],
  ['word in the picture', { words: [{ text: 'Goodbye.', startMs: clipMs(0), endMs: clipMs(900) }] }],
])('another %s is another encode', (_what, change) => {
  expect(renditionKey({ ...order, ...change }, ffmpeg)).not.toBe(renditionKey(order, ffmpeg));
});

test.each(['7.1/1', '5.1.9/2'])('ffmpeg %s would make other bytes', (other) => {
  expect(renditionKey(order, other)).not.toBe(renditionKey(order, ffmpeg));
});

test('words beside the picture do not change it', () => {
  const beside = { ...order, captionStyle: 'SIDECAR' as const };
  expect(renditionKey({ ...beside, words: [] }, ffmpeg)).toBe(renditionKey(beside, ffmpeg));
  expect(renditionKey({ ...beside, captionStyle: 'NONE' }, ffmpeg)).toBe(renditionKey(beside, ffmpeg));
});
