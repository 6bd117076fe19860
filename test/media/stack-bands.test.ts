import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bandsOf } from '#media/stack-bands.ts';

const frame = { width: 1080, height: 1920 };

test('a camera is cut at its sides or at its bottom, never at its top', () => {
  const side = fc.integer({ min: 40, max: 1920 });
  const part = fc.record({ x: fc.nat(400), y: fc.nat(400), width: side, height: side });
  fc.assert(
    fc.property(part, part, (upper, lower) => {
      const { from } = bandsOf(frame, { upper, lower, lift: 0.4 }).lower;
      expect(from.y).toBe(lower.y);
      expect(from.y + from.height).toBeLessThanOrEqual(lower.y + lower.height + 1e-6);
      expect(from.x - lower.x).toBeCloseTo(lower.x + lower.width - from.x - from.width);
    }),
  );
});

test('a camera that is higher than its room keeps its head and loses what is below', () => {
  const parts = { upper: { x: 0, y: 0, width: 800, height: 600 }, lower: { x: 10, y: 20, width: 300, height: 400 } };
  const { upper, lower } = bandsOf(frame, { ...parts, lift: 0.4 });
  expect(upper.height + lower.height).toBe(1920);
  expect(lower.from).toMatchObject({ x: 10, y: 20, width: 300 });
  expect(lower.from.height).toBeLessThan(400);
});
