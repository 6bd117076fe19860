import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Whether an IP address belongs to the public internet: not this machine, not the networks around it, not a cloud's
 * metadata endpoint (169.254.169.254), not an address that is translated or tunnelled to one of them.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !ownIpv4.check(address, 'ipv4');
  // A zone (fe80::1%eth0) names an interface of this machine. An IPv4 address in IPv6 writing is outside 2000::/3.
  if (!isIPv6(address) || address.includes('%')) return false;
  return globalIpv6.check(address, 'ipv6') && !ownIpv6.check(address, 'ipv6');
}

/** IANA's special-purpose registry (as of 2026-11), multicast and reserved ones included. */
const ownIpv4 = networks('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]);

/** The only block of global unicast addresses; loopback, ULA, link-local, multicast and 64:ff9b::/96 lie outside. */
const globalIpv6 = networks('ipv6', [['2000::', 3]]);

/** Parts of that block that lead elsewhere: protocol assignments with Teredo, documentation, 6to4. */
const ownIpv6 = networks('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

function networks(family: 'ipv4' | 'ipv6', blocks: readonly (readonly [net: string, prefix: number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of blocks) list.addSubnet(net, prefix, family);
  return list;
}
