import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { publicLookup, webhookUrl } from '#providers/webhook-address.ts';
import { newWebhookSecret } from '#providers/webhook-signature.ts';
import { sendWebhook } from '#providers/webhook-target.ts';
import { openNameServer } from '../support/name-server.ts';
import { openWebhookReceiver, status, type WebhookReceiver } from '../support/webhook-receiver.ts';

const anywhere = { allowPrivate: true, httpsOnly: false };
const publicOnly = { allowPrivate: false, httpsOnly: false };
const message = { id: crypto.randomUUID(), body: '{"type":"run.finished"}', secret: newWebhookSecret() };

let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await openWebhookReceiver();
});
afterAll(() => receiver[Symbol.asyncDispose]());
let before = 0;
beforeEach(() => {
  before = receiver.received.length;
});

const arrived = () => receiver.received.slice(before);
const send = (url = receiver.url, rules = anywhere, timeoutMs?: number) =>
  sendWebhook(new URL(url), message, {
    rules,
    signal: new AbortController().signal,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });

async function urlOfNobody(): Promise<string> {
  await using closed = await openWebhookReceiver();
  return closed.url;
}

describe('a message', () => {
  test('arrives as it is, signed so that the reference library accepts it', async () => {
    expect(await send()).toMatchObject({ status: 204, error: null, retryAfterMs: null });
    const [got] = arrived();
    expect(got).toMatchObject({ body: message.body, headers: { 'webhook-id': message.id } });
    const headers = Object.fromEntries(
      Object.entries(got?.headers ?? {}).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );
    expect(new Webhook(message.secret).verify(got?.body ?? '', headers)).toEqual({ type: 'run.finished' });
    expect(() => new Webhook(newWebhookSecret()).verify(got?.body ?? '', headers)).toThrow('No matching signature');
    expect(() => new Webhook(message.secret).verify(`${got?.body} `, headers)).toThrow('No matching signature');
  });

  test('is not carried along by a redirect', async () => {
    receiver.script(status(307, { location: '/elsewhere' }));
    expect(await send()).toMatchObject({ status: 307, error: null });
    expect(arrived()).toHaveLength(1);
  });

  test('brings back the wait that the receiver asks for', async () => {
    receiver.script(status(503, { 'retry-after': '120' }));
    expect(await send()).toMatchObject({ status: 503, retryAfterMs: 120_000 });
  });

  test('to a receiver that never answers ends in time', async () => {
    receiver.script(() => {});
    expect(await send(receiver.url, anywhere, 1_000)).toMatchObject({
      status: null,
      error: 'no answer within 1000 ms',
    });
  });

  test('to a receiver that answers without an end has its status all the same', async () => {
    const cut = Promise.withResolvers<void>();
    receiver.script((response) => {
      response.on('close', cut.resolve);
      response.writeHead(200).write('x'.repeat(100_000));
    });
    expect(await send()).toMatchObject({ status: 200, error: null });
    await cut.promise;
  });

  test('to a receiver that changes to another protocol is not waited for for ever', async () => {
    receiver.script((response) => {
      response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n');
    });
    expect(await send()).toMatchObject({ status: null, error: expect.stringContaining('in a form we cannot use') });
  });

  test('to nobody says that the connection failed', async () => {
    expect(await send(await urlOfNobody())).toMatchObject({
      status: null,
      error: 'the connection failed (ECONNREFUSED)',
    });
  });

  test('that is called back is thrown, not written down as an answer', async () => {
    const leaving = new AbortController();
    receiver.script(() => leaving.abort(new Error('shutting down')));
    await expect(
      sendWebhook(new URL(receiver.url), message, { rules: anywhere, signal: leaving.signal }),
    ).rejects.toThrow('shutting down');
  });
});

describe('a private target', () => {
  const named = (host: string) => receiver.url.replace('127.0.0.1', host);

  test.each(['127.0.0.1', 'localhost', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]'])(
    'is not even connected to (%s)',
    async (host) => {
      expect(await send(named(host), publicOnly)).toMatchObject({
        status: null,
        error: 'The URL leads to a private network.',
      });
      expect(arrived()).toEqual([]);
    },
  );

  test.each(['127.0.0.1', 'localhost', '169.254.169.254', '[fd00::1]', '10.0.0.1'])(
    'is refused as a URL (%s)',
    async (host) => {
      await expect(webhookUrl(named(host), publicOnly)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: 'The URL leads to a private network.',
      });
      expect((await webhookUrl(named(host), anywhere)).port).toBe(`${receiver.port}`);
    },
  );

  test.each([
    ['no URL', 'hook', 'This is not an absolute URL.'],
    ['another protocol', 'file:///etc/passwd', 'The URL must begin with https:// or http://.'],
    ['a password', 'https://me:secret@93.184.216.34/', 'The URL must not contain a user or a password.'],
    ['a host that is not there', 'https://nowhere.invalid/', 'The host of the URL cannot be found.'],
  ])('is no URL of a webhook: %s', async (_what, url, reason) => {
    await expect(webhookUrl(url, publicOnly)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: reason });
  });

  test('must be https where the deployment says so', async () => {
    const rules = { allowPrivate: false, httpsOnly: true };
    await expect(webhookUrl('http://93.184.216.34/', rules)).rejects.toThrow('must begin with https://');
    expect((await webhookUrl('https://93.184.216.34:8443/hook', rules)).port).toBe('8443');
  });
});

describe('a name that changes', () => {
  test('to a private address after it was checked is not connected to', async () => {
    let told = '93.184.216.34';
    await using server = await openNameServer(() => told);
    const rules = { ...publicOnly, nameServers: [server.address] };
    const url = await webhookUrl(`http://hook.example:${receiver.port}/hook`, rules);
    told = '127.0.0.1';
    expect(await send(url.href, rules)).toMatchObject({ status: null, error: 'The URL leads to a private network.' });
    expect(arrived()).toEqual([]);
  });

  test('is asked for once by a socket, which connects to what was checked', async () => {
    const told = ['93.184.216.34', '127.0.0.1'];
    await using server = await openNameServer((_name, type) => (type === 'A' ? (told.shift() ?? null) : null));
    const lookUp = publicLookup({ nameServers: [server.address] });
    const found = await new Promise((resolve) =>
      lookUp('hook.example', { all: true }, (error, addresses) => resolve(error ?? addresses)),
    );
    expect(found).toEqual([{ address: '93.184.216.34', family: 4 }]);
    expect(server.asked).toEqual(['hook.example']);
  });
});
