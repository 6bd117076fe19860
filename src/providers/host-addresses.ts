import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import pLimit from 'p-limit';

/** How a host is looked up. */
export interface HostLookup {
  /** Asked instead of the system's name servers; `address` or `address:port`. */
  readonly nameServers?: readonly string[] | undefined;
  /** Ends the lookup. */
  readonly signal?: AbortSignal | undefined;
}

/** Ends a lookup in any case, its wait for a place too. */
const patienceMs = 4_000;

/** One name server that does not answer is asked again once; a second one is then asked as well, as far as patience goes. */
const asking = { timeout: 1_200, tries: 2 };

/** Names looked up at a time by one process. */
const gate = pLimit(8);

/**
 * The addresses of a host: of a literal itself, of a name those of the hosts file, else those that name servers tell; of
 * IPv4 first. Throws the code of the resolver, such as ENOTFOUND or ETIMEOUT, where there is none within four seconds.
 *
 * Not by getaddrinfo: each of its calls holds one of the four threads that also write files, hash and compress, cannot be
 * called off and waits for as long as the system likes. With a name server that never answers, six of them delayed
 * somebody else's lookup by 30 s.
 */
export async function addressesOf(host: string, { nameServers, signal }: HostLookup = {}): Promise<LookupAddress[]> {
  const family = isIP(host);
  if (family > 0) return [{ address: host, family }];
  const name = host.toLowerCase().replace(/\.$/, '');
  const known = await inHostsFile(name);
  if (known.length > 0) return known;
  const late = AbortSignal.timeout(patienceMs);
  const end = signal ? AbortSignal.any([signal, late]) : late;
  return ended(
    end,
    gate(() => asked(name, nameServers, end)),
  );
}

/** What a machine calls itself leads to itself, whatever name servers say. `localhost` is its own without any file. */
async function inHostsFile(name: string): Promise<LookupAddress[]> {
  if (/^(.*\.)?localhost$/.test(name)) return [{ address: '127.0.0.1', family: 4 }];
  const file = await readFile('/etc/hosts', 'utf8').catch(() => '');
  return file.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    return isIP(address) > 0 && names.includes(name) ? [{ address, family: isIP(address) }] : [];
  });
}

/** Rejects when the signal ends, also while there is still nobody to call off. */
function ended<T>(end: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const leave = () => reject(new LookupEnded());
  end.addEventListener('abort', leave, { once: true });
  void work.then(resolve, reject).finally(() => end.removeEventListener('abort', leave));
  return promise;
}

class LookupEnded extends Error {
  readonly code = 'ETIMEOUT';
}

async function asked(name: string, nameServers: HostLookup['nameServers'], end: AbortSignal): Promise<LookupAddress[]> {
  if (end.aborted) throw new LookupEnded();
  // One for each lookup: calling it off ends everything that a resolver was asked.
  const resolver = new Resolver(asking);
  if (nameServers) resolver.setServers(nameServers);
  const cancel = () => resolver.cancel();
  end.addEventListener('abort', cancel, { once: true });
  try {
    const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const found = [...family(four, 4), ...family(six, 6)];
    if (found.length === 0 && four.status === 'rejected') throw four.reason;
    return found;
  } finally {
    end.removeEventListener('abort', cancel);
  }
}

const family = (told: PromiseSettledResult<string[]>, of: 4 | 6): LookupAddress[] =>
  told.status === 'fulfilled' ? told.value.map((address) => ({ address, family: of })) : [];
