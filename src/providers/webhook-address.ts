import { lookup } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Problem } from '#base/problem.ts';
import { isPublicAddress } from './public-address.ts';

/** What a deployment allows as targets of its webhooks. */
export interface TargetRules {
  /** Private networks and this machine, too: for development and tests. */
  readonly allowPrivate: boolean;
  readonly httpsOnly: boolean;
}

/** The host of a URL as the resolver takes it: IPv6 without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/**
 * A text as the URL of a webhook. Throws INVALID_INPUT for anything but http(s), for credentials inside, for a host
 * that cannot be found, and for one of a private network. What a name resolves to may change, so the same is checked
 * once more by each socket (`publicLookup`).
 */
export async function webhookUrl(text: string, rules: TargetRules): Promise<URL> {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fault = url ? faultOf(url, rules) : 'This is not an absolute URL.';
  if (!url || fault) throw new Problem('INVALID_INPUT', { reason: fault });
  if (!rules.allowPrivate) await requirePublicHost(hostOf(url));
  return url;
}

function faultOf(url: URL, { httpsOnly }: TargetRules): string | null {
  if (url.protocol !== 'https:' && (httpsOnly || url.protocol !== 'http:'))
    return httpsOnly ? 'The URL must begin with https://.' : 'The URL must begin with https:// or http://.';
  return url.username || url.password ? 'The URL must not contain a user or a password.' : null;
}

async function requirePublicHost(host: string): Promise<void> {
  const found = await resolve(host, { all: true }).catch((error: unknown) => {
    throw new Problem('INVALID_INPUT', { reason: 'The host of the URL cannot be found.' }, error);
  });
  requirePublic(found.map(({ address }) => address));
}

/** Throws INVALID_INPUT unless all addresses are public: of several, the socket takes whichever answers. */
function requirePublic(addresses: readonly string[]): void {
  if (addresses.length > 0 && addresses.every(isPublicAddress)) return;
  throw new Problem('INVALID_INPUT', { reason: 'The URL leads to a private network.' });
}

/**
 * The lookup of a socket that may only connect to public addresses: the very addresses that are checked are those that
 * are connected to, so that a name cannot change its mind in between. A socket does not look up a literal address.
 */
export const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error) return done(error, []);
    try {
      requirePublic(found.map(({ address }) => address));
    } catch (refused) {
      return done(refused instanceof Error ? refused : new Error(String(refused)), []);
    }
    const [first] = found;
    return options.all || !first ? done(null, found) : done(null, first.address, first.family);
  });
};

/** Throws INVALID_INPUT for a literal address of a private network; a name is for the lookup to judge. */
export function requirePublicLiteral(host: string): void {
  if (isIP(host) > 0) requirePublic([host]);
}
