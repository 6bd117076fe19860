import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { type Client, createClient } from '#client/client.ts';
import { CancelRunDocument, StartRunDocument } from '#client/generated/graphql.ts';
import { openGate } from './gate.ts';

type Answering = (response: ServerResponse) => void;

const done: Answering = (response) => response.end('{"data":{"startRun":{"errors":[],"run":{"id":"run-1"}}}}');
const refused =
  (code: string, status: number): Answering =>
  (response) =>
    response.writeHead(status, { 'retry-after': '0' }).end(JSON.stringify({ errors: [refusal(code)] }));
const refusal = (code: string) => ({ message: 'Not now.', extensions: { code } });
const lost: Answering = (response) => response.destroy();
const proxied: Answering = (response) => response.writeHead(502).end('<html>Bad gateway</html>');

const input = { uploadId: 'upload-1', recipe: { transcript: true }, idempotencyKey: 'press-1' };

/** What a client sends to an API that answers thus, one answer after the other, the last one from then on. */
async function sentTo(answers: readonly Answering[], use: (client: Client) => Promise<unknown>): Promise<string[]> {
  const bodies: string[] = [];
  await using gate = await openGate((request, response) => {
    void text(request).then((body) => (answers[bodies.push(body) - 1] ?? answers.at(-1))?.(response));
  });
  await use(createClient({ url: gate.url, token: 'x' }));
  return bodies;
}

describe('a change with an idempotency key', () => {
  test.each<[string, Answering]>([
    ['was answered to nobody', lost],
    ['met an API with too much to do', refused('OVERLOADED', 503)],
    ['met an API that starts', refused('STARTING', 503)],
    ['met a proxy whose API is away', proxied],
  ])('that %s is sent again as it was', async (_what, answer) => {
    const bodies = await sentTo([answer, done], async (client) =>
      expect(await client.mutate(StartRunDocument, input)).toMatchObject({ ok: true, run: { id: 'run-1' } }),
    );
    expect(bodies).toEqual([bodies[0], bodies[0]]);
    expect(bodies[0]).toContain('press-1');
  });

  test('is not sent for ever: what was in the way is thrown after four tries', async () => {
    const bodies = await sentTo([refused('OVERLOADED', 503)], async (client) =>
      expect(client.mutate(StartRunDocument, input)).rejects.toMatchObject({ code: 'OVERLOADED', status: 503 }),
    );
    expect(bodies).toHaveLength(4);
  });

  test('is not sent again when it was refused for what it is', async () => {
    const bodies = await sentTo([refused('BAD_USER_INPUT', 400), done], async (client) =>
      expect(client.mutate(StartRunDocument, input)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' }),
    );
    expect(bodies).toHaveLength(1);
  });

  test('does not wait for an API that says to come back much later', async () => {
    const later: Answering = (response) => response.writeHead(503, { 'retry-after': '3600' }).end();
    const bodies = await sentTo([later, done], async (client) =>
      expect(client.mutate(StartRunDocument, input)).rejects.toMatchObject({ status: 503, retryAfterMs: 3_600_000 }),
    );
    expect(bodies).toHaveLength(1);
  });

  test('is not sent again once a signal stops it, which gives its own reason at once', async () => {
    const leaving = new AbortController();
    const later: Answering = (response) => {
      response.writeHead(503, { 'retry-after': '20' }).end();
      response.once('close', () => setImmediate(() => leaving.abort(new Error('the page was left'))));
    };
    const bodies = await sentTo([later, done], async (client) =>
      expect(client.mutate(StartRunDocument, input, leaving)).rejects.toThrow('the page was left'),
    );
    expect(bodies).toHaveLength(1);
  });
});

test('a change without a key is sent once, since it might happen twice', async () => {
  const bodies = await sentTo([lost, done], async (client) =>
    expect(client.mutate(CancelRunDocument, { runId: 'run-1' })).rejects.toMatchObject({ code: 'NETWORK' }),
  );
  expect(bodies).toHaveLength(1);
});
