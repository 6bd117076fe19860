import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { decodeGlobalId, eventCursor, idOf, parseEventCursor, parseGlobalId, rowIdOf } from '#graph/ids.ts';

const typename = fc.stringMatching(/^[A-Z][A-Za-z]{0,20}$/);

describe('a global id', () => {
  test('gives back the type and the row it was made of, and only asked for that type', () => {
    fc.assert(
      fc.property(typename, typename, fc.uuid(), (...[name, other, id]) => {
        const made = globalId(name, id);
        expect(made).toMatch(/^[\w-]+$/);
        expect(parseGlobalId(made)).toEqual({ typename: name, id });
        expect(decodeGlobalId(made)).toEqual({ typename: name, id });
        expect(rowIdOf(name, made)).toBe(id);
        expect(rowIdOf(other, made)).toBe(other === name ? id : null);
      }),
    );
  });

  test('is nothing when it is any other text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseGlobalId(text)).toBeNull();
        expect(decodeGlobalId(text)).toEqual({ typename: '', id: '' });
      }),
    );
  });

  test.each([
    '',
    ':',
    'Run:',
    'Run:1',
    ':01a1fdd7-51da-7b46-ac3e-ed6e0ec75805',
    'Run:01a1fdd7-51da-7b46-ac3e-ed6e0ec75805:1',
  ])('is nothing when it holds %j', (text) => {
    expect(parseGlobalId(Buffer.from(text).toString('base64url'))).toBeNull();
  });

  test('of another type is told as not found where an input wants one', () => {
    const upload = idOf('Upload');
    const id = crypto.randomUUID();
    expect(upload.parse(globalId('Upload', id))).toBe(id);
    expect(upload.safeParse(globalId('Run', id)).error?.issues).toMatchObject([
      { message: 'This is not the id of a Upload.', params: { code: 'NOT_FOUND' } },
    ]);
  });
});

describe('a cursor', () => {
  test('gives back its number to its own run only', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.nat(2 ** 31 - 1), (...[run, other, sequence]) => {
        const cursor = eventCursor(run, sequence);
        expect(parseEventCursor(run, cursor)).toBe(sequence);
        expect(parseEventCursor(other, cursor)).toBe(other === run ? sequence : null);
      }),
    );
  });

  test('is nothing when it is any other text', () => {
    const run = crypto.randomUUID();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseEventCursor(run, text)).toBeNull();
        const tail = Buffer.from(`${run}:${text}`).toString('base64url');
        expect(parseEventCursor(run, tail)).toBe(/^\d{1,10}$/.test(text) ? Number(text) : null);
      }),
    );
  });
});
