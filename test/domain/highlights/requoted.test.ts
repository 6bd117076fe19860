import { describe, expect, test } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { requoted } from '#domain/highlights/requoted.ts';

const said = (id: string, [startMs, endMs]: readonly [number, number], text: string) => ({
  id,
  startMs: sourceMs(startMs),
  endMs: sourceMs(endMs),
  text,
});

const before = [
  said('a', [0, 2000], 'We lost three hours.'),
  said('b', [2000, 4000], 'Nobody noticed it, as nobody looked.'),
];
const now = (...after: ReturnType<typeof said>[]) => [{ before, after }];

describe('a quote', () => {
  test('becomes what its sentence reads now, as far as it went', () => {
    const after = [
      said('a', [0, 2000], 'We lost four hours.'),
      said('b', [2000, 4000], 'Somebody noticed, as always.'),
    ];
    expect(requoted('We lost three hours.', now(...after))).toBe('We lost four hours.');
    expect(requoted('Nobody noticed it,', now(...after))).toBe('Somebody noticed, as');
  });

  test('becomes the sentence that is said at its time where all sentences are other ones', () => {
    const heard = [
      said('x', [0, 2050], 'We lost four hours.'),
      said('y', [2050, 4000], 'Nobody noted it, as nobody looked.'),
    ];
    expect(requoted('Nobody noticed it, as nobody looked.', now(...heard))).toBe('Nobody noted it, as nobody looked.');
  });

  test('stays where it is still said, also in another sentence', () => {
    const joined = said('x', [0, 4000], 'We lost three hours. Nobody noticed it, as nobody looked.');
    expect(requoted('We lost three hours.', now(joined))).toBe('We lost three hours.');
  });

  test('stays where nothing is said in its place any more', () => {
    expect(requoted('We lost three hours.', now(said('b', [2000, 4000], 'Nobody noticed it.')))).toBe(
      'We lost three hours.',
    );
  });
});
