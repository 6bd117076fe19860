import * as fc from 'fast-check';
import { GraphQLScalarType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '#schema.ts';

function scalar(name: string): GraphQLScalarType {
  const type = schema.getType(name);
  if (!(type instanceof GraphQLScalarType)) throw new Error(`${name} is not a scalar`);
  return type;
}

const bad: Record<string, readonly unknown[]> = {
  DateTime: [
    '',
    'yesterday',
    '2026-11-21',
    '2026-11-21T10:00:00',
    '2026-13-01T00:00:00Z',
    0,
    null,
    {},
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+02:00',
  ],
  URL: ['', 'nothing', '/path', 7, null],
  Milliseconds: [-1, 1.5, '1', Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, null],
  ByteSize: [-1, 0.1, '1', 2 ** 53, true],
  LanguageTag: ['', 'e', 'en_US', 'english language', 'english', 'en\u0000', 'en-', `en-${'x'.repeat(200)}`, 1],
  EventCursor: ['', 'x'.repeat(201), 1, null],
};

describe.each(Object.entries(bad))('%s', (name, values) => {
  test.each(values.map((value) => [value]))('refuses %j as a fault of the caller', (value) => {
    const error = refusalOf(() => scalar(name).parseValue(value));
    expect(error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  });
});

test.each([
  ['DateTime', '2026-11-21T10:00:00.5+02:00', new Date('2026-11-21T08:00:00.500Z')],
  ['URL', 'https://offprint.example/a?b=c', 'https://offprint.example/a?b=c'],
  ['Milliseconds', 0, 0],
  ['Milliseconds', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ['ByteSize', 8 * 1024 ** 3, 8 * 1024 ** 3],
  ['LanguageTag', 'pt-BR', 'pt-BR'],
  ['LanguageTag', 'EN-us', 'en-US'],
  ['LanguageTag', 'iw', 'he'],
  ['LanguageTag', 'ZH-hant-tw', 'zh-Hant-TW'],
  ['EventCursor', 'abc', 'abc'],
])('%s takes %j', (...[name, given, taken]) => {
  expect(scalar(name).parseValue(given)).toEqual(taken);
});

test('sizes beyond 32 bits are sent as numbers, instants in UTC with milliseconds', () => {
  expect(scalar('ByteSize').serialize(5_000_000_000n)).toBe(5_000_000_000);
  expect(scalar('DateTime').serialize(new Date('2026-11-21T08:00:00Z'))).toBe('2026-11-21T08:00:00.000Z');
});

function refusalOf(parse: () => unknown): unknown {
  try {
    parse();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('an instant is sent as JavaScript writes it', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (instant) => {
      expect(scalar('DateTime').serialize(instant)).toBe(instant.toISOString());
    }),
  );
});
