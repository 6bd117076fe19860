import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { withoutLoops, withoutSoundNotes, withoutUnheard } from '#providers/inventions.ts';

const word = (text: string, startMs = 0, endMs = startMs + 200) => ({
  text,
  startMs: sourceMs(startMs),
  endMs: sourceMs(endMs),
});
const said = (text: string) => text.split(' ').map((each) => word(each));
const segment = (text: string) => ({ ...word(text), words: said(text) });

test.each([
  { heard: '[BLANK_AUDIO]', kept: '' },
  { heard: 'Hello (upbeat music) there.', kept: 'Hello there.' },
  { heard: '♪ la la la ♪ Welcome', kept: 'Welcome' },
  { heard: '[Music]. So', kept: 'So' },
  {
    heard: 'We (that is, everybody who works here with us) know',
    kept: 'We (that is, everybody who works here with us) know',
  },
  { heard: 'an open [bracket', kept: 'an open [bracket' },
])('of "$heard" remains "$kept"', ({ heard, kept }) => {
  expect(
    withoutSoundNotes(said(heard))
      .map((each) => each.text)
      .join(' '),
  ).toBe(kept);
});

test('a word deep inside a silence goes; words at its edges stay, however the recogniser jitters', () => {
  const silence = { startMs: sourceMs(1000), endMs: sourceMs(3000) };
  const words = [
    word('before', 900),
    word('edge', 1050),
    word('invented', 1500),
    word('edge', 2700, 2950),
    word('after', 2990),
  ];
  expect(withoutUnheard(words, [silence]).map((each) => each.text)).toEqual(['before', 'edge', 'edge', 'after']);
});

test('without silences every word is heard, and what is left keeps its order', () => {
  const times = fc.array(fc.nat(60_000)).map((all) => all.toSorted((a, b) => a - b).map((at) => word('w', at)));
  const spans = fc
    .array(fc.nat(60_000), { maxLength: 20 })
    .map((all) => all.toSorted((a, b) => a - b))
    .map((all) => all.slice(1).map((endMs, at) => ({ startMs: sourceMs(all[at] ?? 0), endMs: sourceMs(endMs) })))
    .map((all) => all.filter((_, at) => at % 2 === 0));
  fc.assert(
    fc.property(times, spans, (words, silences) => {
      expect(withoutUnheard(words, [])).toEqual(words);
      const dropped = words.filter((each) => !withoutUnheard(words, silences).includes(each));
      for (const each of dropped) {
        expect(
          silences.some((silence) => silence.startMs + 150 <= each.startMs && each.endMs <= silence.endMs - 150),
        ).toBe(true);
      }
    }),
  );
});

test('a sentence three times in a row is a loop and stays once', () => {
  const loop = ['Thanks for watching it.', 'thanks for watching it', 'Thanks, for watching it!'];
  const segments = ['We begin.', ...loop, 'We go on.', 'We go on.'].map(segment);
  expect(withoutLoops(segments).map((each) => each.text)).toEqual(['We begin.', loop[0], 'We go on.', 'We go on.']);
});

test('short exclamations may repeat', () => {
  const segments = ['No.', 'No.', 'No.', 'No.'].map(segment);
  expect(withoutLoops(segments)).toHaveLength(4);
});
