import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageUnit } from '#generated/prisma/enums.ts';
import { costOf, priceOf } from '#usage/prices.ts';

const november = new Date('2026-11-21');
const unit = fc.constantFrom(...Object.values(UsageUnit));
const model = fc.constantFrom(undefined, 'whisper-1', 'gpt-4.1-mini', 'gpt-5', 'a-model-of-our-own');
const quantity = fc.integer({ min: 0, max: 1e13 });

describe('a price', () => {
  test('is the vendor’s list price, to the last millionth of a dollar', () => {
    const hour = costOf(3_600_000, priceOf({ unit: 'AUDIO_MS', model: 'whisper-1' }, november));
    expect(hour).toBe(360_000);
    const read = costOf(1_000_000, priceOf({ unit: 'INPUT_TOKENS', model: 'gpt-4.1-mini' }, november));
    const wrote = costOf(1_000_000, priceOf({ unit: 'OUTPUT_TOKENS', model: 'gpt-4.1-mini' }, november));
    expect([read, wrote]).toEqual([400_000, 1_600_000]);
    expect(costOf(1_000_000_000, priceOf({ unit: 'STORED_BYTES' }, november))).toBe(21_000);
  });

  test('counts for the dated names of a model, and for no other model', () => {
    const named = (name: string) => priceOf({ unit: 'INPUT_TOKENS', model: name }, november).microsPerMillion;
    expect(named('gpt-4.1-mini-2025-04-14')).toBe(named('gpt-4.1-mini'));
    expect(named('gpt-4.1-minimal')).toBe(0);
  });

  test('is whole, not negative and dated no later than the day it is asked for', () => {
    fc.assert(
      fc.property(unit, model, (of, name) => {
        const { microsPerMillion, pricedOn } = priceOf({ unit: of, model: name ?? null }, november);
        expect(Number.isInteger(microsPerMillion)).toBe(true);
        expect(microsPerMillion).toBeGreaterThanOrEqual(0);
        expect(pricedOn.getTime()).toBeLessThanOrEqual(november.getTime());
      }),
    );
  });
});

describe('a cost', () => {
  test('is whole and at most half a millionth away from the exact one, however large the quantity', () => {
    fc.assert(
      fc.property(unit, model, quantity, (of, name, many) => {
        const price = priceOf({ unit: of, model: name ?? null }, november);
        const exact = BigInt(many) * BigInt(price.microsPerMillion);
        const off = BigInt(costOf(many, price)) * 1_000_000n - exact;
        expect(off > -500_000n && off <= 500_000n).toBe(true);
      }),
    );
  });

  test('grows with the quantity, and what is given back pays nothing back', () => {
    fc.assert(
      fc.property(unit, quantity, quantity, (of, one, other) => {
        const price = priceOf({ unit: of, model: 'gpt-4.1' }, november);
        expect(costOf(one + other, price)).toBeGreaterThanOrEqual(costOf(one, price));
        expect(costOf(-one, price)).toBe(0);
      }),
    );
  });
});
