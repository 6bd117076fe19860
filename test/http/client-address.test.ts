import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { addressOf } from '#http/client-address.ts';

const requestFrom = (remoteAddress: string, forwarded?: string) => ({
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  socket: Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress }),
});

describe('the address of a request', () => {
  test.each([
    ['is its peer', '192.0.2.1', undefined, 0, '192.0.2.1'],
    ['is its peer, whatever it claims, without proxies', '192.0.2.1', '198.51.100.7', 0, '192.0.2.1'],
    ['is whom the one proxy names', '10.0.0.1', '198.51.100.7', 1, '198.51.100.7'],
    [
      'is whom the last proxy names, not what the client claims',
      '10.0.0.1',
      '1.2.3.4, 198.51.100.7',
      1,
      '198.51.100.7',
    ],
    ['is whom the first of two proxies names', '10.0.0.1', '1.2.3.4, 198.51.100.7, 10.0.0.2', 2, '198.51.100.7'],
    ['is the farthest known one where proxies are missing', '10.0.0.1', '198.51.100.7', 3, '198.51.100.7'],
    ['is its peer where the proxy names nobody', '10.0.0.1', undefined, 1, '10.0.0.1'],
    ['is its peer where the header is nonsense', '10.0.0.1', 'unknown', 1, '10.0.0.1'],
    ['leaves a port away', '10.0.0.1', '198.51.100.7:4711', 1, '198.51.100.7'],
    ['leaves brackets and a port away', '10.0.0.1', '[2001:db8::1]:4711', 1, '2001:db8:0:0::/64'],
    ['is one of IPv4 however it is written', '::ffff:192.0.2.1', undefined, 0, '192.0.2.1'],
    ['is the network of IPv6', '2001:db8:1:2:3:4:5:6', undefined, 0, '2001:db8:1:2::/64'],
    ['is the same network however it is written', '2001:0DB8:1:2::9%eth0', undefined, 0, '2001:db8:1:2::/64'],
    ['is the network of the machine itself', '::1', undefined, 0, '0:0:0:0::/64'],
  ])('%s', (...[, peer, forwarded, proxies, address]) => {
    expect(addressOf(requestFrom(peer, forwarded), proxies)).toBe(address);
  });
});
