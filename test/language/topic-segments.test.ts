import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { topicSegments } from '#language/topic-segments.ts';
import { topicShifts } from '#language/topic-shifts.ts';

const said = (texts: readonly string[], pauseBeforeMs = 300) =>
  texts.map((text) => ({ roots: text.split(' '), pauseBeforeMs, announces: false }));

const bread = Array.from({ length: 12 }, (_, at) => `flour water ${at % 2 ? 'starter' : 'oven'}`);
const alarms = Array.from({ length: 12 }, (_, at) => `pager night ${at % 2 ? 'alert' : 'shift'}`);

test('a topic starts where other words are said', () => {
  expect(topicSegments(said([...bread, ...alarms, ...bread]), 2)).toEqual([0, 12, 24]);
  const shifts = topicShifts(said([...bread, ...alarms]));
  expect(shifts.indexOf(Math.max(...shifts))).toBe(12);
});

test('one topic stays whole, whatever the pauses in it', () => {
  expect(topicSegments(said(bread, 2_000).slice(0, 6), 2)).toEqual([0]);
});

test('an announcement decides where the words leave it open', () => {
  const vague = { roots: ['thing'], pauseBeforeMs: 300, announces: false };
  const talk = [...said(bread), vague, vague, { ...vague, announces: true }, ...said(alarms)];
  expect(topicSegments(talk, 2)).toEqual([0, 14]);
});

test('starts are in order, begin with the first sentence, and grow fewer the stricter one is', () => {
  const sentence = fc.record({
    roots: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 6 }),
    pauseBeforeMs: fc.nat({ max: 3_000 }),
    announces: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(sentence, { minLength: 1, maxLength: 60 }), (heard) => {
      const [many, few] = [topicSegments(heard, 0.5), topicSegments(heard, 4)];
      expect(many[0]).toBe(0);
      expect(many).toEqual([...new Set(many)].sort((a, b) => a - b));
      expect(few.length).toBeLessThanOrEqual(many.length);
    }),
  );
});
