import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { envFrom } from '#base/env.ts';
import { openBodies } from '#http/body.ts';
import { openPressure } from '#http/pressure.ts';
import { refusing } from '#http/refusal.ts';

/** A server that lets two in, and holds them until it is told to answer. */
async function busyServer() {
  const env = envFrom({ REQUESTS_AT_ONCE: '2' });
  const pressure = openPressure({ env, bodies: openBodies(env), refuse: refusing(env) });
  const held: (() => void)[] = [];
  const server = createServer(
    (request, response) =>
      void pressure.admit(request, response, async () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        held.push(resolve);
        server.emit('held');
        await promise;
        response.end('answered');
      }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const ask = (headers: Record<string, string> = {}, body = 'x') =>
    fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body });
  return {
    ask,
    startHeld: async (headers?: Record<string, string>) => {
      const arrived = once(server, 'held');
      const answer = ask(headers).then((response) => response.text());
      await arrived;
      return { answer };
    },
    release: () => held.splice(0).forEach((answer) => answer()),
  };
}

test('refuses at once what would only wait, says when to come again, and lets it in when there is room', async () => {
  const server = await busyServer();
  const first = await server.startHeld();
  const second = await server.startHeld();

  const refused = await server.ask({}, 'x'.repeat(200_000));
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });

  server.release();
  expect(await Promise.all([first.answer, second.answer])).toEqual(['answered', 'answered']);
  const third = await server.startHeld();
  server.release();
  expect(await third.answer).toBe('answered');
});

test('counts whoever wants streams of events like everybody else', async () => {
  const server = await busyServer();
  const streams = [
    await server.startHeld({ accept: 'text/event-stream' }),
    await server.startHeld({ accept: 'text/event-stream' }),
  ];
  expect((await server.ask({ accept: 'text/event-stream' })).status).toBe(503);
  server.release();
  expect(await Promise.all(streams.map(({ answer }) => answer))).toEqual(['answered', 'answered']);
});
