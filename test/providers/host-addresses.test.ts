import { lookup } from 'node:dns/promises';
import { expect, test } from 'vitest';
import { addressesOf } from '#providers/host-addresses.ts';
import { openNameServer } from '../support/name-server.ts';

const nobody = () => 'silence';

test('a literal is its own address, and names of the machine lead to it without anybody being asked', async () => {
  await using server = await openNameServer(() => '93.184.216.34');
  const nameServers = [server.address];
  expect(await addressesOf('192.0.2.1', { nameServers })).toEqual([{ address: '192.0.2.1', family: 4 }]);
  expect(await addressesOf('2001:db8::1', { nameServers })).toEqual([{ address: '2001:db8::1', family: 6 }]);
  for (const own of ['localhost', 'LocalHost.', 'studio.localhost'])
    expect(await addressesOf(own, { nameServers })).toEqual([{ address: '127.0.0.1', family: 4 }]);
  expect(server.asked).toEqual([]);
});

test('a name has the addresses that its name server tells, and one without any is not found', async () => {
  await using server = await openNameServer((name) => (name === 'hook.example' ? '93.184.216.34' : null));
  const nameServers = [server.address];
  expect(await addressesOf('Hook.Example', { nameServers })).toEqual([{ address: '93.184.216.34', family: 4 }]);
  await expect(addressesOf('other.example', { nameServers })).rejects.toMatchObject({ code: 'ENODATA' });
});

test('names of a server that never answers keep nobody else waiting, and are given up when told', async () => {
  await using server = await openNameServer(nobody);
  const leaving = new AbortController();
  const given = { nameServers: [server.address], signal: leaving.signal };
  const all = Array.from({ length: 20 }, (_, at) => addressesOf(`slow${at}.example`, given));
  const first = Promise.race(all.map((one) => one.then(String, () => 'given up')));
  await server.until(8);
  // This one takes a thread, as file access does.
  expect(await Promise.race([lookup('localhost').then(() => 'found'), first])).toBe('found');
  leaving.abort();
  const outcomes = await Promise.allSettled(all);
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
  // Only so many at a time: those that waited for a place were never asked for.
  expect(new Set(server.asked).size).toBe(8);
});

test('a name server that never answers is not waited for without end', async () => {
  await using server = await openNameServer(nobody);
  await expect(addressesOf('slow.example', { nameServers: [server.address] })).rejects.toMatchObject({
    code: 'ETIMEOUT',
  });
});
