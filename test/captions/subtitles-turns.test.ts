import { array, assert, nat, property, record, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { inTurn } from '#captions/subtitles-turns.ts';

const cue = (startMs: number, endMs: number, text: string) => ({
  startMs: sourceMs(startMs),
  endMs: sourceMs(endMs),
  text,
});

describe('cues that are read in turn', () => {
  test('keep their times where none reaches into another', () => {
    const cues = [cue(0, 1000, 'One.'), cue(1000, 2000, 'Two.')];
    expect(inTurn(cues)).toEqual(cues);
  });

  test('end where the next one begins', () => {
    expect(inTurn([cue(0, 5000, 'One.'), cue(2000, 3000, 'Two.')])).toEqual([
      cue(0, 2000, 'One.'),
      cue(2000, 3000, 'Two.'),
    ]);
  });

  test('share their time by their letters when they begin together', () => {
    expect(inTurn([cue(0, 4000, 'Short.'), cue(0, 4000, 'Three times as lon')])).toEqual([
      cue(0, 1000, 'Short.'),
      cue(1000, 4000, 'Three times as lon'),
    ]);
  });

  test('are left alone when they time their words', () => {
    const words = [{ text: 'One.', startMs: sourceMs(0), endMs: sourceMs(3000) }];
    const cues = [{ ...cue(0, 3000, 'One.'), words }, cue(2000, 4000, 'Two.')];
    expect(inTurn(cues)).toEqual(cues);
  });

  test('never lose one, never overlap, and come in the order of time', () => {
    const some = record({ at: nat(9000), length: nat({ max: 5000 }), text: string({ minLength: 1 }) });
    assert(
      property(array(some, { maxLength: 20 }), (drawn) => {
        const cues = drawn.map(({ at, length, text }) => cue(at, at + length, text));
        const turns = inTurn(cues);
        expect(turns.map(({ text }) => text).toSorted()).toEqual(cues.map(({ text }) => text).toSorted());
        for (const [index, { startMs, endMs }] of turns.entries()) {
          expect(endMs).toBeGreaterThanOrEqual(startMs);
          expect(turns[index + 1]?.startMs ?? Infinity).toBeGreaterThanOrEqual(endMs);
        }
      }),
    );
  });
});
