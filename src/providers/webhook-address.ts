import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Problem } from '#base/problem.ts';
import { addressesOf, type HostLookup } from './host-addresses.ts';
import { isPublicAddress } from './public-address.ts';

/** What a deployment allows as targets of its webhooks. */
export interface TargetRules {
  /** Private networks and this machine, too: for development and tests. */
  readonly allowPrivate: boolean;
  readonly httpsOnly: boolean;
  /** Who is asked for the addresses of names; unset asks the system's name servers. */
  readonly nameServers?: readonly string[] | undefined;
}

/** The host of a URL as the resolver takes it: IPv6 without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/**
 * A text as the URL of a webhook. Throws INVALID_INPUT for anything but http(s), for credentials inside, for a host
 * that cannot be found, and for one of a private network. What a name resolves to may change, so the same is checked
 * once more by each socket (`publicLookup`). Takes at most four seconds.
 */
export async function webhookUrl(text: string, rules: TargetRules): Promise<URL> {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fault = url ? faultOf(url, rules) : 'This is not an absolute URL.';
  if (!url || fault) throw new Problem('INVALID_INPUT', { reason: fault });
  if (!rules.allowPrivate) await requirePublicHost(hostOf(url), rules);
  return url;
}

function faultOf(url: URL, { httpsOnly }: TargetRules): string | null {
  if (url.protocol !== 'https:' && (httpsOnly || url.protocol !== 'http:'))
    return httpsOnly ? 'The URL must begin with https://.' : 'The URL must begin with https:// or http://.';
  return url.username || url.password ? 'The URL must not contain a user or a password.' : null;
}

async function requirePublicHost(host: string, lookup: HostLookup): Promise<void> {
  await publicAddressesOf(host, lookup).catch((error: unknown) => {
    if (error instanceof Problem) throw error;
    throw new Problem('INVALID_INPUT', { reason: 'The host of the URL cannot be found.' }, error);
  });
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
export const publicLookup =
  (lookup: HostLookup): LookupFunction =>
  (...asked) =>
    void answerLookup(lookup, asked);

async function answerLookup(lookup: HostLookup, [host, { all }, done]: Parameters<LookupFunction>): Promise<void> {
  let found: LookupAddress[];
  try {
    found = await publicAddressesOf(host, lookup);
  } catch (error) {
    return done(error instanceof Error ? error : new Error(String(error)), []);
  }
  const [first] = found;
  return all || !first ? done(null, found) : done(null, first.address, first.family);
}

async function publicAddressesOf(host: string, lookup: HostLookup): Promise<LookupAddress[]> {
  const found = await addressesOf(host, lookup);
  requirePublic(found.map(({ address }) => address));
  return found;
}

/** Throws INVALID_INPUT for a literal address of a private network; a name is for the lookup to judge. */
export function requirePublicLiteral(host: string): void {
  if (isIP(host) > 0) requirePublic([host]);
}
