import { assert, nat, option, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteRange } from '#work/ranges/byte-range.ts';

describe('a Range header', () => {
  test.each([
    [undefined, 10, 'whole'],
    ['bytes=0-', 10, { start: 0, end: 10 }],
    ['bytes=3-', 10, { start: 3, end: 10 }],
    ['bytes=3-5', 10, { start: 3, end: 6 }],
    ['bytes=3-99', 10, { start: 3, end: 10 }],
    ['bytes=-4', 10, { start: 6, end: 10 }],
    ['bytes=-40', 10, { start: 0, end: 10 }],
    ['bytes=9-9', 10, { start: 9, end: 10 }],
    ['bytes=10-', 10, 'outside'],
    ['bytes=0-', 0, 'outside'],
    ['bytes=-0', 10, 'outside'],
    ['bytes=5-3', 10, 'whole'],
    ['bytes=-', 10, 'whole'],
    ['bytes=0-1,4-5', 10, 'whole'],
    ['frames=0-1', 10, 'whole'],
    ['bytes=99999999999999999999-', 10, 'whole'],
  ])('%s of %d bytes means %o', (header, sizeBytes, meant) => {
    expect(byteRange(header, sizeBytes)).toEqual(meant);
  });

  test('never means bytes that are not there', () => {
    const number = option(nat(2000), { nil: '' });
    assert(
      property(number, number, nat(1000), (first, last, sizeBytes) => {
        const range = byteRange(`bytes=${first}-${last}`, sizeBytes);
        if (typeof range === 'string') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThan(range.start);
        expect(range.end).toBeLessThanOrEqual(sizeBytes);
      }),
    );
  });
});
