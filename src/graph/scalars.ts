import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { builder } from './builder.ts';

const wholeNumber = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
/** PostgreSQL has no year 0. */
const earliest = Date.parse('0001-01-01T00:00:00Z');
const instant = z.iso.datetime({ offset: true }).refine((value) => Date.parse(value) >= earliest);
const languageTag = z
  .string()
  .max(100)
  .transform(canonicalTag)
  .pipe(z.string().regex(/^[a-z]{2,3}(-|$)/));

builder.scalarType('DateTime', {
  description: 'RFC 3339 instant, always UTC with milliseconds.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: toText,
  parseValue: (value) => new Date(checked(instant, value, 'an RFC 3339 instant')),
});

const minuteMs = 60_000;
const minutes = new Map<number, string>();
const numbers = Array.from({ length: 1_000 }, (_, number) => String(number));
const seconds = numbers.slice(0, 60).map((number) => number.padStart(2, '0'));
const thousandths = numbers.map((number) => number.padStart(3, '0'));

/** Like `toISOString`, which takes 750 ns: most instants of a page lie in few minutes, whose text is known. */
function toText(value: Date): string {
  const ms = value.getTime();
  const minute = Math.floor(ms / minuteMs);
  const rest = ms - minute * minuteMs;
  const begun = minutes.get(minute) ?? textOf(minute);
  return `${begun}${seconds[Math.floor(rest / 1_000)]}.${thousandths[rest % 1_000]}Z`;
}

/** The text of an instant up to its minute. A date that is none throws, as `toISOString` does. */
function textOf(minute: number): string {
  const text = new Date(minute * minuteMs).toISOString().slice(0, -'00.000Z'.length);
  if (minutes.size >= 10_000) minutes.clear();
  minutes.set(minute, text);
  return text;
}

builder.scalarType('URL', {
  description: 'Absolute URL. Signed URLs are secrets: never log them.',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  serialize: (value) => value,
  parseValue: (value) => checked(z.url(), value, 'an absolute URL'),
});

builder.scalarType('Milliseconds', {
  description: 'Whole milliseconds on the media timeline, 0 to 2^53-1, sent as a JSON number.',
  serialize: (value) => value,
  parseValue: (value) => checked(wholeNumber, value, 'whole milliseconds'),
});

builder.scalarType('ByteSize', {
  description: 'Byte count, 0 to 2^53-1, sent as a JSON number (a 32-bit Int stops at 2 GiB).',
  serialize: (value) => Number(value),
  parseValue: (value) => checked(wholeNumber, value, 'a byte count'),
});

builder.scalarType('LanguageTag', {
  description: 'BCP 47 language tag such as `en` or `pt-BR`; any other writing of it is taken for the canonical one.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc5646',
  serialize: (value) => value,
  parseValue: (value) => checked(languageTag, value, 'a BCP 47 language tag'),
});

builder.scalarType('EventCursor', {
  description: 'Opaque resume position in an event stream.',
  serialize: (value) => value,
  parseValue: (value) => checked(z.string().min(1).max(200), value, 'an event cursor'),
});

/** `Intl` takes any five to eight letters for a language; none of that length exists, so the pattern refuses them. */
function canonicalTag(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? '';
  } catch {
    return '';
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, wanted: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new GraphQLError(`Expected ${wanted}.`, { extensions: { code: 'BAD_USER_INPUT' } });
  return parsed.data;
}
