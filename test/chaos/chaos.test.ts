import { expect, onTestFinished, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { violationsOf } from './checks/checks.ts';
import { withStorm } from './storm.ts';

/** Each fault once, with a short silence: `npm run chaos` does the same for as long as one likes. */
const options = {
  seed: 7,
  once: true,
  kills: null,
  stormMs: 90_000,
  calmMs: 60_000,
  workers: 2,
  people: 2,
  silentMs: 3_000,
};

test('whatever breaks, nothing that was acknowledged is lost, done twice, charged twice or left behind', {
  timeout: 300_000,
}, async () => {
  const logs = await openFolder();
  onTestFinished(() => logs[Symbol.asyncDispose]());
  await withStorm({ ...options, logs: logs.path, tell: () => {} }, async (aftermath) => {
    expect(await violationsOf(aftermath)).toEqual([]);
    const { history, subscribers } = aftermath;
    expect(history.runs.size).toBeGreaterThan(0);
    expect(subscribers.all.length).toBeGreaterThanOrEqual(2 * history.runs.size);
    expect(new Set(history.faults.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(6);
  });
});
