import { EventEmitter, once } from 'node:events';
import OpenAI from 'openai';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { type CallPolicy, outsideCall } from '#providers/outside-call.ts';
import { type Fault, type OpenaiServer, openOpenaiServer } from '../support/openai-server.ts';

interface Trial extends AsyncDisposable {
  readonly server: OpenaiServer;
  /** Milliseconds waited between attempts, in order. */
  readonly waits: number[];
  ask(policy?: Partial<CallPolicy>): Promise<string | null | undefined>;
}

async function openTrial(...faults: (Fault | null)[]): Promise<Trial> {
  const server = await openOpenaiServer({ completion: () => 'hello' });
  server.script(...faults);
  const waits: number[] = [];
  const client = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey, maxRetries: 0 });
  const patience: CallPolicy = {
    provider: 'openai',
    signal: new AbortController().signal,
    timeoutMs: 5000,
    attempts: 3,
    wait: async (ms) => void waits.push(ms),
  };
  return {
    server,
    waits,
    ask: (policy) =>
      outsideCall({ ...patience, ...policy }, async (signal) => {
        const body = { model: 'm', messages: [{ role: 'user' as const, content: 'Hello?' }] };
        return (await client.chat.completions.create(body, { signal })).choices[0]?.message.content;
      }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const failureOf = async (call: Promise<unknown>): Promise<Problem> => {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof Problem) return thrown;
  throw new Error('The call did not fail with a Problem', { cause: thrown });
};

test.each<{ name: string; fault: Fault }>([
  { name: 'a busy service', fault: { status: 429 } },
  { name: 'a conflict', fault: { status: 409 } },
  { name: 'a request timeout told by the service', fault: { status: 408 } },
  { name: 'a broken service', fault: { status: 500 } },
  { name: 'a connection reset', fault: 'reset' },
  { name: 'a body cut in the middle', fault: 'cut' },
  { name: 'JSON that ends too early', fault: 'garbage' },
])('$name is tried again and then succeeds', async ({ fault }) => {
  await using trial = await openTrial(fault, null);
  expect(await trial.ask()).toBe('hello');
  expect(trial.server.requests).toHaveLength(2);
  expect(trial.waits).toHaveLength(1);
});

test('waits grow from half a second and are jittered downwards by at most a half', async () => {
  await using trial = await openTrial('reset', { status: 503 }, 'reset', 'reset');
  await failureOf(trial.ask({ attempts: 4 }));
  expect(trial.waits).toHaveLength(3);
  for (const [n, ms] of trial.waits.entries()) {
    expect(ms).toBeGreaterThanOrEqual(250 * 2 ** n);
    expect(ms).toBeLessThanOrEqual(500 * 2 ** n);
  }
});

test('a service that stays down is unavailable after the last attempt, with its request id', async () => {
  await using trial = await openTrial({ status: 500 }, { status: 500 }, { status: 502 });
  const problem = await failureOf(trial.ask());
  expect(problem).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', transient: true });
  expect(problem.facts).toMatchObject({ provider: 'openai', status: 502, attempt: 3 });
  expect(problem.facts.requestId).toMatch(/^req_/);
  expect(trial.server.requests).toHaveLength(3);
});

test.each([
  { name: 'seconds', headers: { 'retry-after': '2' } },
  { name: 'milliseconds', headers: { 'retry-after-ms': '2000', 'retry-after': '9' } },
])('a short wait asked for in $name is kept exactly', async ({ headers }) => {
  await using trial = await openTrial({ status: 429, headers }, null);
  expect(await trial.ask()).toBe('hello');
  expect(trial.waits).toEqual([2000]);
});

test('a wait asked for as a date is counted from now', async () => {
  const headers = { 'retry-after': new Date(Date.now() + 6000).toUTCString() };
  await using trial = await openTrial({ status: 503, headers }, null);
  await trial.ask();
  expect(trial.waits[0]).toBeGreaterThan(3000);
  expect(trial.waits[0]).toBeLessThanOrEqual(6000);
});

test('a wait that is too long for a worker goes to the queue without another attempt', async () => {
  await using trial = await openTrial({ status: 429, headers: { 'retry-after': '120' } });
  const problem = await failureOf(trial.ask());
  expect(problem).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryAfterMs: 120_000 });
  expect(trial.waits).toEqual([]);
  expect(trial.server.requests).toHaveLength(1);
});

test.each<{ name: string; fault: Fault }>([
  { name: 'a refused request', fault: { status: 400 } },
  { name: 'a request that is too large', fault: { status: 413 } },
  {
    name: 'an empty account, although it answers as a busy service',
    fault: { status: 429, code: 'insufficient_quota' },
  },
])('$name is permanent at once', async ({ fault }) => {
  await using trial = await openTrial(fault);
  expect(await failureOf(trial.ask())).toMatchObject({ code: 'PROVIDER_REJECTED', transient: false });
  expect(trial.server.requests).toHaveLength(1);
});

test('a service that hangs is given up after the timeout of each attempt', async () => {
  await using trial = await openTrial('hang', 'hang');
  const problem = await failureOf(trial.ask({ timeoutMs: 80, attempts: 2 }));
  expect(problem).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', facts: { timeoutMs: 80 } });
  expect(trial.server.requests).toHaveLength(2);
});

test('a call that ignores its signal is left behind at the timeout', async () => {
  await using trial = await openTrial();
  const deaf = outsideCall(
    { provider: 'deaf', signal: new AbortController().signal, timeoutMs: 30, attempts: 1 },
    () => new Promise(() => {}),
  );
  expect(await failureOf(deaf)).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
  expect(trial.server.requests).toHaveLength(0);
});

test('an abort in the middle of a request throws its own reason and asks no more', async () => {
  await using trial = await openTrial('hang', null);
  const stop = new AbortController();
  const arrival = trial.server.arrival();
  const call = trial.ask({ signal: stop.signal });
  await arrival;
  stop.abort(new Problem('CANCELED'));
  expect(await failureOf(call)).toMatchObject({ code: 'CANCELED' });
  expect(trial.server.requests).toHaveLength(1);
});

test('an abort between attempts ends the wait and throws its own reason', async () => {
  const stop = new AbortController();
  const lines = new EventEmitter();
  const warned = once(lines, 'line');
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.emit('line', line) });
  const call = outsideCall({ provider: 'busy', signal: stop.signal, timeoutMs: 5000, attempts: 2, log }, () =>
    Promise.reject(new Problem('PROVIDER_UNAVAILABLE', { retryAfterMs: 9000 })),
  );
  await warned;
  stop.abort(new Problem('CANCELED'));
  expect(await failureOf(call)).toMatchObject({ code: 'CANCELED' });
});

test('a signal that was aborted before lets no request out', async () => {
  await using trial = await openTrial();
  await expect(trial.ask({ signal: AbortSignal.abort(new Problem('CANCELED')) })).rejects.toThrow('canceled');
  expect(trial.server.requests).toHaveLength(0);
});

test('a key that the service quotes back does not reach the facts', async () => {
  const refusal = Object.assign(new Error('Incorrect API key provided: sk-abc***789.'), { status: 401 });
  const call = outsideCall(
    { provider: 'openai', signal: new AbortController().signal, timeoutMs: 1000, attempts: 3 },
    () => Promise.reject(refusal),
  );
  const problem = await failureOf(call);
  expect(problem.code).toBe('PROVIDER_REJECTED');
  expect(JSON.stringify(problem.facts)).not.toContain('sk-abc');
});

test('a fault of our own is not taken for an outage', async () => {
  const bug = new TypeError('undefined is not a function');
  const call = outsideCall(
    { provider: 'openai', signal: new AbortController().signal, timeoutMs: 1000, attempts: 3 },
    () => Promise.reject(bug),
  );
  await expect(call).rejects.toBe(bug);
});
