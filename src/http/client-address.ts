import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';

/**
 * The address that a request is counted under: of whoever spoke to the outermost of `proxies` proxies that we trust, as
 * the header before theirs is anybody's claim. Of an IPv6 address its network of 64 bits, which is one subscriber.
 */
export function addressOf(request: Pick<IncomingMessage, 'headers' | 'socket'>, proxies: number): string {
  const peer = request.socket.remoteAddress ?? '';
  const chain = [...forwardedFor(request), peer];
  const told = withoutPort(chain.at(-1 - proxies) ?? chain[0] ?? '');
  return networkOf(isIP(told) === 0 ? peer : told);
}

function forwardedFor({ headers }: Pick<IncomingMessage, 'headers'>): string[] {
  const told = headers['x-forwarded-for'] ?? [];
  return [told]
    .flat()
    .flatMap((line) => line.split(','))
    .map((part) => part.trim());
}

/** Some proxies name the port, too. */
const withoutPort = (told: string): string =>
  /^\[(.+)\](:\d+)?$/.exec(told)?.[1] ?? told.replace(/^([\d.]+):\d+$/, '$1');

function networkOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [bare = ''] = address.toLowerCase().split('%');
  const [left = [], right] = bare.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = right ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0') : [];
  return `${[...left, ...zeros, ...(right ?? [])]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
