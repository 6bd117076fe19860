import { describe, expect, test } from 'vitest';
import { openStatementNames } from '#graph/reads/statement-names.ts';

/** Names with a clock of their own; `ask` asks a number of times, and gives the last name. */
function opened() {
  let now = 0;
  const nameOf = openStatementNames(() => now);
  return {
    pass: (seconds: number) => {
      now += seconds * 1_000;
    },
    ask: (text: string, times = 1) => Array.from({ length: times }, () => nameOf(text)).at(-1),
  };
}

describe('a statement', () => {
  test('has a name from the third time on, and keeps it', () => {
    const { ask } = opened();
    expect([ask('a'), ask('a'), ask('b')]).toEqual([undefined, undefined, undefined]);
    const name = ask('a');
    expect(name).toEqual(expect.any(String));
    expect([ask('a'), ask('b', 3) === name]).toEqual([name, false]);
  });

  test('that is asked all day gets a name, though somebody took all of them before', () => {
    const { ask, pass } = opened();
    for (let at = 0; at < 500; at += 1) expect(ask(`taken ${at}`, 3)).toEqual(expect.any(String));
    expect(ask('hot', 20)).toEqual(expect.any(String));
    expect(ask('warm', 20)).toBeUndefined();
    pass(6);
    expect(ask('warm')).toEqual(expect.any(String));
  });

  test('that is asked all day keeps its name, whatever else is asked', () => {
    const { ask, pass } = opened();
    const hot = ask('hot', 10);
    for (let at = 0; at < 10_000; at += 1) {
      ask(`other ${at}`, 8);
      ask('hot');
      pass(6);
    }
    expect(ask('hot')).toBe(hot);
  });

  test('gives its name to none that is asked as seldom', () => {
    const { ask, pass } = opened();
    const names = Array.from({ length: 500 }, (_, at) => ask(`taken ${at}`, 3));
    for (let at = 0; at < 1_000; at += 1) {
      expect(ask(`other ${at}`, 3)).toBeUndefined();
      pass(60);
    }
    expect(names.map((_, at) => ask(`taken ${at}`))).toEqual(names);
  });
});

test('a server is given no more than ten names a minute beyond the first five hundred, and none of them twice', () => {
  const { ask, pass } = opened();
  const names = new Set<string>();
  for (let at = 0; at < 36_000; at += 1) {
    const name = ask(`flood ${at}`, 10);
    if (name !== undefined) names.add(name);
    pass(0.1);
  }
  expect(names.size).toBeGreaterThan(500);
  expect(names.size).toBeLessThanOrEqual(1_100);
});
