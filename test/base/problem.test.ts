import { expect, test } from 'vitest';
import { Problem, problemFrom, problems } from '#base/problem.ts';
import { keysOf } from '#base/record.ts';

test.each(keysOf(problems))('%s is a whole sentence without facts, as the schema and the docs print it', (code) => {
  const sentence = problems[code].say({});
  expect(sentence).toMatch(/^[A-Z].*\.$/);
  expect(sentence).not.toMatch(/undefined|null|\[object|\?/);
});

test('facts stand in the sentence', () => {
  expect(new Problem('MEDIA_TOO_LONG', { minutes: 200, limitMinutes: 180 }).message).toBe(
    'The recording lasts 200 minutes; at most 180 are accepted.',
  );
  expect(new Problem('MEDIA_UNSUPPORTED', { found: 'text/plain' }).message).toContain('(found text/plain)');
});

test('a fact that is no text never becomes [object Object]', () => {
  expect(new Problem('INVALID_INPUT', { reason: { deep: true } }).message).toBe('The input is not valid.');
});

test('a full disk is told apart from other faults of ours, and both keep what was thrown', () => {
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  const other = new Error('a bug');
  expect(problemFrom(full)).toMatchObject({ code: 'DISK_FULL', cause: full, transient: true });
  expect(problemFrom(other)).toMatchObject({ code: 'INTERNAL', cause: other });
});
