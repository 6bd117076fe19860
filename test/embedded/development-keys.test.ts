import { readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type DevelopmentKeys, openDevelopmentKeys } from '#embedded/development-keys.ts';
import { clerkIdentity } from '#providers/identity.clerk.ts';
import { openHome } from '../support/home.ts';

const open = (home: string): Promise<DevelopmentKeys> => openDevelopmentKeys({ home, production: false });

test('a development token passes the verification of real tokens', async () => {
  await using home = await openHome();
  const keys = await open(home.path);
  const token = await keys.mint({ user: 'alice', workspace: 'demo', name: 'Alice' });
  expect(await clerkIdentity(keys).verify(token)).toMatchObject({
    userId: 'user_alice',
    displayName: 'Alice',
    organization: { id: 'org_demo', slug: 'demo', role: 'admin' },
  });
});

test('its role and its life are chosen when it is made', async () => {
  await using home = await openHome();
  const keys = await open(home.path);
  const token = await keys.mint({ user: 'bob', workspace: 'demo', role: 'viewer', ttlSeconds: 60 });
  const session = await clerkIdentity(keys).verify(token);
  expect(session?.organization?.role).toBe('viewer');
  expect(Math.abs((session?.expiresAt.getTime() ?? 0) - Date.now() - 60_000)).toBeLessThan(5000);
});

test('the keys of one home do not open another', async () => {
  await using one = await openHome();
  await using other = await openHome();
  const token = await (await open(one.path)).mint({ user: 'alice', workspace: 'demo' });
  expect(await clerkIdentity(await open(other.path)).verify(token)).toBeNull();
});

test('processes that open a new home at once get the same keys, readable by their owner only', async () => {
  await using home = await openHome();
  const opened = await Promise.all([open(home.path), open(home.path), open(home.path)]);
  expect(new Set(opened.map((keys) => keys.jwtKey)).size).toBe(1);
  const file = home.file('development-keys.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toContain('PRIVATE KEY');
});

test('production has no development keys', async () => {
  await using home = await openHome();
  const opening = openDevelopmentKeys({ home: home.path, production: true });
  await expect(opening).rejects.toMatchObject({ code: 'ENVIRONMENT_INVALID' });
});
