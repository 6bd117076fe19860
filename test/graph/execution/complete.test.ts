import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { execute } from '#http/execution.ts';

const schema = buildSchema('type Query { words: [Word!]! } type Word { text: String! }');
const document = parse('{ words { text } }');

test('a list of any length is answered whole and in order', async () => {
  const words = Array.from({ length: 4_001 }, (_, at) => ({ text: at % 2 ? `${at}` : () => Promise.resolve(`${at}`) }));
  const { data, errors } = await execute({ schema, document, rootValue: { words } });
  expect(errors).toBeUndefined();
  expect(JSON.parse(JSON.stringify(data))).toEqual({ words: words.map((...[, at]) => ({ text: `${at}` })) });
});

test('a long list lets go when its time is up', async () => {
  const late = new AbortController();
  let completed = 0;
  const text = () => {
    completed += 1;
    return 'a';
  };
  const words = Array.from({ length: 20_000 }, () => ({ text }));
  setImmediate(() => late.abort(new Error('too late')));
  const answer = Promise.resolve(execute({ schema, document, rootValue: { words }, abortSignal: late.signal }));
  await expect(answer).rejects.toMatchObject({ cause: { message: 'too late' } });
  expect(completed).toBeLessThan(20_000);
});

test('what fails in a long list fails the list as in a short one', async () => {
  const failing = (length: number) =>
    Array.from({ length }, (_, at) => ({ text: () => (at === 2 ? Promise.reject(new Error('broken')) : 'a') }));
  const [short, long] = await Promise.all(
    [3, 5_000].map(async (length) => execute({ schema, document, rootValue: { words: failing(length) } })),
  );
  expect(JSON.parse(JSON.stringify(long))).toEqual(JSON.parse(JSON.stringify(short)));
});
