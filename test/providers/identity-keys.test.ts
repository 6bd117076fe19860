import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';
import { afterEach, expect, test, vi } from 'vitest';
import { Problem } from '#base/problem.ts';
import { clerkIdentity } from '#providers/identity.clerk.ts';

const issuer = 'https://clerk.example.com';
const party = 'https://studio.example.com';
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const first = rsa();
const second = rsa();

const token = (kid: string, key: KeyObject): Promise<string> =>
  new SignJWT({ sid: 'sess_1', azp: party })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .setIssuer(issuer)
    .setSubject('user_1')
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(key);

afterEach(() => void vi.useRealTimers());

/** Moves what the process takes for now, and no timer: the server is a real one. */
function moveClock(ms: number): void {
  if (!vi.isFakeTimers()) vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  vi.advanceTimersByTime(ms);
}

const minute = 60_000;

/** An instance that publishes the first key unless told otherwise, counts who asks, and can be struck dumb. */
async function openInstance() {
  const published = async (kid: string, key: KeyObject) => ({
    ...(await exportJWK(key)),
    kid,
    alg: 'RS256',
    use: 'sig',
  });
  const known = {
    first: await published('first', first.publicKey),
    second: await published('second', second.publicKey),
  };
  let keys: readonly (keyof typeof known)[] = ['first'];
  const asked: (string | undefined)[] = [];
  let dumb = false;
  const server: Server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    if (dumb) response.writeHead(503).end();
    else
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ keys: keys.map((kid) => known[kid]) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // This server listens on a port, never on a pipe.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { port } = server.address() as AddressInfo;
  const jwksUrl = `http://127.0.0.1:${port}/jwks`;
  return {
    asked,
    strikeDumb: (now: boolean) => {
      dumb = now;
    },
    publish: (...now: (keyof typeof known)[]) => {
      keys = now;
    },
    identity: (secretKey?: string) => clerkIdentity({ jwksUrl, secretKey, issuer, authorizedParties: [party] }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('twenty first requests at once fetch the keys once, with the secret key where there is one', async () => {
  await using instance = await openInstance();
  const identity = instance.identity('sk_test_1');
  const given = await token('first', first.privateKey);
  const sessions = await Promise.all(Array.from({ length: 20 }, () => identity.verify(given)));
  expect(sessions.map((session) => session?.userId)).toEqual(Array.from({ length: 20 }, () => 'user_1'));
  expect(instance.asked).toEqual(['Bearer sk_test_1']);
});

test('tokens of keys that nobody knows are refused, and do not make us ask again and again', async () => {
  await using instance = await openInstance();
  const identity = instance.identity();
  expect(await identity.verify(await token('first', first.privateKey))).not.toBeNull();
  for (const kid of ['a', 'b', 'c', 'second']) {
    expect(await identity.verify(await token(kid, second.privateKey))).toBeNull();
  }
  expect(await identity.verify(await token('first', second.privateKey))).toBeNull();
  expect(instance.asked).toHaveLength(1);
});

test('while the keys were never fetched nobody is taken for signed out: the service is away', async () => {
  await using instance = await openInstance();
  instance.strikeDumb(true);
  const identity = instance.identity();
  const given = await token('first', first.privateKey);
  const tries = await Promise.allSettled(Array.from({ length: 5 }, () => identity.verify(given)));
  const codes = tries.map(
    (tried) => tried.status === 'rejected' && tried.reason instanceof Problem && tried.reason.code,
  );
  expect(codes).toEqual(Array.from({ length: 5 }, () => 'PROVIDER_UNAVAILABLE'));
  await expect(identity.verify(given)).rejects.toThrow(Problem);
  expect(instance.asked).toHaveLength(1);
  expect(await identity.verify('garbage')).toBeNull();
});

test('keys that were fetched hold for an hour from then while no newer ones come, however often they are used', async () => {
  await using instance = await openInstance();
  const identity = instance.identity();
  const tokenNow = () => token('first', first.privateKey);
  moveClock(0);
  expect(await identity.verify(await tokenNow())).not.toBeNull();
  instance.strikeDumb(true);
  for (let minutes = 9; minutes <= 59; minutes += 10) {
    moveClock(minutes === 9 ? 9 * minute : 10 * minute);
    expect(await identity.verify(await tokenNow())).not.toBeNull();
  }
  moveClock(minute);
  await expect(identity.verify(await tokenNow())).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
  instance.strikeDumb(false);
  moveClock(5_000);
  expect(await identity.verify(await tokenNow())).not.toBeNull();
});

test('a key that is new is found half a minute after the last fetch', async () => {
  await using instance = await openInstance();
  const identity = instance.identity();
  moveClock(0);
  expect(await identity.verify(await token('first', first.privateKey))).not.toBeNull();
  instance.publish('first', 'second');
  moveClock(29_000);
  expect(await identity.verify(await token('second', second.privateKey))).toBeNull();
  moveClock(1_000);
  expect(await identity.verify(await token('second', second.privateKey))).not.toBeNull();
  expect(instance.asked).toHaveLength(2);
});

test('a key that was withdrawn opens nothing ten minutes after the last fetch', async () => {
  await using instance = await openInstance();
  const identity = instance.identity();
  moveClock(0);
  expect(await identity.verify(await token('first', first.privateKey))).not.toBeNull();
  instance.publish('second');
  moveClock(10 * minute - 1);
  expect(await identity.verify(await token('first', first.privateKey))).not.toBeNull();
  moveClock(1);
  expect(await identity.verify(await token('first', first.privateKey))).toBeNull();
});
