import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isStorable } from '#base/line.ts';
import { Problem } from '#base/problem.ts';
import { errorFactsOf } from '#work/error-facts.ts';

test('an operator reads the code, the facts and every cause of a failure', () => {
  const disk = Object.assign(new Error('the disk said no'), { code: 'EIO' });
  const problem = new Problem('ENCODE_FAILED', { exitCode: 1, elapsedMs: 40 }, new TypeError('outer', { cause: disk }));
  expect(errorFactsOf(problem)).toEqual({
    code: 'ENCODE_FAILED',
    message: 'Encoding the video failed.',
    facts: { exitCode: 1, elapsedMs: 40 },
    causes: [
      { name: 'TypeError', message: 'outer' },
      { name: 'Error', message: 'the disk said no', code: 'EIO' },
    ],
  });
});

test('a signed link, a token and a bearer are taken out wherever they stand', () => {
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzZWNyZXQifQ.c2VjcmV0LXNpZ25hdHVyZQ';
  const problem = new Problem(
    'PROVIDER_REJECTED',
    { at: `http://127.0.0.1/clips/a.mp4?token=${jwt}&x=1`, list: [`apikey=${jwt}`] },
    new Error(`Bearer ${jwt} was refused`),
  );
  expect(JSON.stringify(errorFactsOf(problem))).not.toMatch(/c2VjcmV0|eyJ/);
});

test('facts that hold themselves, and more than anybody reads, are left out', () => {
  const round: Record<string, unknown> = {};
  round.self = round;
  expect(errorFactsOf(new Problem('INTERNAL', round))).not.toHaveProperty('facts');
  const long = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`fact${at}`, 'x'.repeat(700)]));
  expect(errorFactsOf(new Problem('INTERNAL', long))).not.toHaveProperty('facts');
});

/** Every key and every text of a JSON document. */
const textsOf = (json: string): string[] => {
  const texts: string[] = [];
  JSON.parse(json, (key, value: unknown) => {
    texts.push(key, ...(typeof value === 'string' ? [value] : []));
    return value;
  });
  return texts;
};

test('whatever was thrown, the facts are short and can be stored', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true });
  const text = fc.string({ unit: 'binary', maxLength: 3_000 });
  fc.assert(
    fc.property(fc.dictionary(text, anything), fc.array(text, { maxLength: 20 }), anything, (facts, chain, root) => {
      const cause = chain.reduce<unknown>((inner, message) => new Error(message, { cause: inner }), root);
      const told = JSON.stringify(errorFactsOf(new Problem('INTERNAL', facts, cause)));
      expect(told.length).toBeLessThanOrEqual(8_192);
      expect(textsOf(told).filter((one) => !isStorable(one))).toEqual([]);
    }),
    { numRuns: 100, examples: [[{ facts: String.raw`\ud800 and \u0000 written out` }, ['\ud800', '\0'], undefined]] },
  );
});
