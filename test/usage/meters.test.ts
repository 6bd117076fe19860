import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageUnit } from '#generated/prisma/enums.ts';
import { measured, periodOf, shown } from '#usage/meters.ts';
import { limitedPlans, planNamed, planNames, usageKinds } from '#usage/plans.ts';

const instant = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
const sums = fc
  .dictionary(fc.constantFrom(...Object.values(UsageUnit)), fc.nat(1e9))
  .map((units) => new Map(Object.entries(units)));

describe('a meter', () => {
  test('counts whole units of its own kind', () => {
    const used = new Map([
      ['AUDIO_MS', 90_000],
      ['RENDERED_MS', 30_000],
      ['INPUT_TOKENS', 70],
      ['OUTPUT_TOKENS', 30],
    ]);
    expect(shown('MEDIA_MINUTES', measured('MEDIA_MINUTES', used))).toBe(1.5);
    expect(shown('RENDERED_MINUTES', measured('RENDERED_MINUTES', used))).toBe(0.5);
    expect(measured('MODEL_TOKENS', used)).toBe(100);
    expect(measured('UPLOADS', used)).toBe(0);
  });

  test('counts four characters for a token where a server tells none', () => {
    expect(measured('MODEL_TOKENS', new Map([['CHARACTERS', 4_001]]))).toBe(1_000);
  });

  test('never falls when more is used', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...usageKinds),
        sums,
        fc.constantFrom(...Object.values(UsageUnit)),
        (kind, used, more) => {
          const grown = new Map(used).set(more, (used.get(more) ?? 0) + 1_000);
          expect(measured(kind, grown)).toBeGreaterThanOrEqual(measured(kind, used));
          expect(Number.isInteger(measured(kind, used))).toBe(true);
        },
      ),
    );
  });
});

describe('a period', () => {
  test('holds its instant and ends where the next one starts', () => {
    fc.assert(
      fc.property(instant, (at) => {
        const { start, end } = periodOf(at);
        expect(start <= at && at < end).toBe(true);
        expect(start.toISOString()).toMatch(/-01T00:00:00\.000Z$/);
        expect(periodOf(end).start).toEqual(end);
        expect(periodOf(new Date(end.getTime() - 1)).start).toEqual(start);
      }),
    );
  });

  test('changes at midnight UTC of the first, across the end of a year too', () => {
    expect(periodOf(new Date('2026-12-31T23:59:59.999Z')).end).toEqual(new Date('2027-01-01'));
    expect(periodOf(new Date('2028-02-29T12:00:00Z')).end).toEqual(new Date('2028-03-01'));
  });
});

describe('a plan', () => {
  test('has whole limits above nothing, and only one has none at all', () => {
    for (const name of planNames) {
      for (const limit of Object.values(planNamed(name).limits)) {
        expect(limit === null || (Number.isInteger(limit) && limit > 0)).toBe(true);
      }
    }
    expect(planNames.filter((name) => !limitedPlans.includes(name))).toEqual(['unlimited']);
    expect(planNamed('free').limits.MEDIA_MINUTES).toBe(120 * 60_000);
  });

  test('that no row of the table names is a fault of ours', () => {
    expect(() => planNamed('platinum')).toThrow('platinum');
  });
});
