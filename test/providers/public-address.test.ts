import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPublicAddress } from '#providers/public-address.ts';

describe('an address of the public internet', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.63.255.255', '2606:4700:4700::1111', '2a00:1450:4001::200e'])(
    'is told by its number (%s)',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('an address that leads elsewhere is refused', () => {
  test.each([
    ['this machine', '127.0.0.1'],
    ['this machine, by another number', '127.255.255.254'],
    ['this machine, unspecified', '0.0.0.0'],
    ['this machine in IPv6', '::1'],
    ['unspecified in IPv6', '::'],
    ['a private network', '10.1.2.3'],
    ['a private network', '172.31.255.255'],
    ['a private network', '192.168.1.1'],
    ["a carrier's network", '100.64.0.1'],
    ['a link, where clouds keep their metadata', '169.254.169.254'],
    ['a link in IPv6', 'fe80::1'],
    ['a link with its interface', 'fe80::1%eth0'],
    ['a private network in IPv6', 'fd00:ec2::254'],
    ['many', '224.0.0.1'],
    ['everybody', '255.255.255.255'],
    ['many in IPv6', 'ff02::1'],
    ['IPv4 written as IPv6', '::ffff:127.0.0.1'],
    ['IPv4 written as IPv6, in its other form', '::ffff:7f00:1'],
    ['IPv4 behind a translator', '64:ff9b::7f00:1'],
    ['IPv4 in a 6to4 tunnel', '2002:7f00:1::'],
    ['IPv4 in a Teredo tunnel', '2001:0:7f00:1::'],
    ['nowhere: documentation', '203.0.113.7'],
    ['nowhere: documentation', '2001:db8::1'],
    ['nothing at all', 'localhost'],
    ['nothing at all', ''],
  ])('%s (%s)', (_where, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test('whatever a public IPv4 address is wrapped in', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom('::ffff:', '64:ff9b::', '::'), (address, wrapping) => {
        const wrapped = `${wrapping}${address}`;
        expect(isIP(wrapped)).toBe(6);
        expect(isPublicAddress(wrapped)).toBe(false);
      }),
    );
  });
});
