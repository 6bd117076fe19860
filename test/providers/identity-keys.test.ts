import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';
import { expect, test } from 'vitest';
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

/** An instance that publishes the first key, counts who asks, and can be struck dumb. */
async function openInstance() {
  const key = { ...(await exportJWK(first.publicKey)), kid: 'first', alg: 'RS256', use: 'sig' };
  const asked: (string | undefined)[] = [];
  let dumb = false;
  const server: Server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    if (dumb) response.writeHead(503).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [key] }));
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
