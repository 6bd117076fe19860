import { describe, expect, test } from 'vitest';
import { sourceMs, type Word } from '#base/time.ts';
import { requireRoomFor, requireSpeakable } from '#timeline/speakable.ts';

const word = (startMs: number, text = 'a'): Word => ({
  startMs: sourceMs(startMs),
  endMs: sourceMs(startMs + 20),
  text,
});
const every = (ms: number, count: number, text?: string) =>
  Array.from({ length: count }, (_, at) => word(at * ms, text));
const refusal = { code: 'INVALID_INPUT' };

describe('words can be said', () => {
  test.each([
    ['one every 20 ms for as long as you like', every(20, 10_000)],
    ['3,000 at once, and again a minute later', [...every(0, 3_000), ...every(0, 3_000).map(() => word(60_000))]],
    ['3,000 at once', every(0, 3_000)],
    ['100,000 in eleven hours', every(400, 100_000)],
    ['long ones with time to say them', every(1_000, 600, 'a'.repeat(300))],
    ['none', []],
  ])('%s', (_what, words) => {
    expect(() => requireSpeakable(words)).not.toThrow();
  });
});

describe('words cannot be said', () => {
  test.each([
    ['3,001 at once', every(0, 3_001)],
    ['one every 19 ms', every(19, 10_000)],
    ['many in one minute of a long silence', [word(0), ...every(0, 3_001).map(() => word(9_000_000))]],
    ['100,001, however slowly', every(400, 100_001)],
    ['one that never ends', [word(0, 'a'.repeat(700_000))]],
    ['long ones one after another', every(500, 600, 'a'.repeat(300))],
  ])('%s', (_what, words) => {
    expect(() => requireSpeakable(words)).toThrow(expect.objectContaining(refusal));
  });
});

test('a text for a whole recording may be long, but not longer than anybody could say it', () => {
  const hour = { startMs: sourceMs(0), endMs: sourceMs(3_600_000) };
  expect(() => requireRoomFor([{ text: 'a'.repeat(1_000_000) }], hour)).not.toThrow();
  expect(() => requireRoomFor([{ text: 'a'.repeat(600_000) }, { text: 'a'.repeat(600_000) }], hour)).toThrow(
    'From 0 to 3600000 ms there are 1200000 characters: nobody says so many.',
  );
});
