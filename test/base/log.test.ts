import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openLog, withCorrelation } from '#base/log.ts';
import { Problem } from '#base/problem.ts';

const lines: string[] = [];
const log = openLog('info', { write: (line) => lines.push(line) });
const last = () => z.looseObject({}).parse(JSON.parse(lines.at(-1) ?? ''));

beforeEach(() => lines.splice(0));

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzZWNyZXQifQ.c2VjcmV0LXNpZ25hdHVyZQ';
const signed = `http://127.0.0.1:4000/storage/v1/object/sign/clips/a/b.mp4?token=${jwt}&download=x`;

describe('no line of the log', () => {
  test.each<[string, object, string]>([
    ['a signed link in its words', {}, `made ${signed} for you`],
    ['a signed link in a fact', { at: signed }, 'made'],
    ['a signed link deep inside', { a: { b: { c: [signed] } } }, 'made'],
    ['a token under its own name', { token: jwt, authorization: `Bearer ${jwt}` }, 'made'],
    ['the headers of a target', { headers: { 'x-signature': jwt, authorization: `Bearer ${jwt}` } }, 'made'],
    ['an error about a link', { err: new Error(`GET ${signed} failed`) }, 'failed'],
    [
      'a cause of a cause',
      { err: new Problem('INTERNAL', {}, new Error('outer', { cause: new Error(`Bearer ${jwt} was refused`) })) },
      'failed',
    ],
    [
      'the facts of a problem',
      { err: new Problem('PROVIDER_REJECTED', { url: signed, key: `apikey=${jwt}` }) },
      'failed',
    ],
    ['what is not an error', { err: `token=${jwt}` }, 'failed'],
  ])('shows %s', (...[, facts, words]) => {
    log.info(facts, words);
    expect(lines.join('')).not.toMatch(/c2VjcmV0|eyJ/);
    expect(last().msg).toContain(words.split(' ')[0]);
  });
});

test('an error is logged with its code, its facts and all its causes', () => {
  const cause = Object.assign(new Error('the disk said no'), { code: 'EIO' });
  log.error({ err: new Problem('ENCODE_FAILED', { exitCode: 1 }, cause) }, 'stage failed');
  expect(last().err).toMatchObject({
    name: 'Problem',
    code: 'ENCODE_FAILED',
    facts: { exitCode: 1 },
    stack: expect.stringContaining('log.test'),
    cause: { code: 'EIO', message: 'the disk said no' },
  });
});

test('facts that JSON cannot hold do not break the line', () => {
  log.info({ err: new Problem('INTERNAL', { bytes: 5_000_000_000n, ratio: Number.NaN }) }, 'failed');
  expect(last().err).toMatchObject({ facts: { bytes: 5_000_000_000, ratio: null } });
});

test('lines carry the correlation of their request, across awaits and side by side', async () => {
  const inside = async (correlationId: string) =>
    withCorrelation({ correlationId }, async () => {
      await Promise.resolve();
      log.info({ of: correlationId }, 'inside');
    });
  await Promise.all([inside('a'), inside('b')]);
  log.info('outside');
  const seen = lines.map((line) => z.looseObject({}).parse(JSON.parse(line)));
  expect(seen.map(({ correlationId, of }) => [correlationId, of])).toEqual([
    ['a', 'a'],
    ['b', 'b'],
    [undefined, undefined],
  ]);
});
