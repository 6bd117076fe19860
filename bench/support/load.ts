import { Agent, request } from 'node:http';
import { percentile } from './figures.ts';

/** What one server is asked, over and over. */
export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
}

/** How it answered; times in milliseconds. */
export interface Answered {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
}

/** Asks on all connections at once for some seconds; each asks anew as soon as it is answered. Throws for a refusal. */
export async function loaded({ url, headers, bodies, connections, seconds }: Load): Promise<Answered> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const took: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  const one = async (first: number): Promise<void> => {
    for (let at = first; performance.now() < until; at += connections) {
      const askedAt = performance.now();
      await answeredTo({ url, headers, agent, body: bodies[at % bodies.length] ?? '' });
      took.push(performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, at) => one(at)));
  const lasted = (performance.now() - startedAt) / 1_000;
  agent.destroy();
  return { perSecond: took.length / lasted, p50: percentile(took, 0.5), p95: percentile(took, 0.95) };
}

interface Question {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
  readonly body: string;
}

function answeredTo({ url, headers, agent, body }: Question): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const length = String(Buffer.byteLength(body));
  const asking = request(
    url,
    { method: 'POST', agent, headers: { ...headers, 'content-length': length } },
    (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}`));
      answer.on('error', reject).on('end', resolve).resume();
    },
  );
  asking.on('error', reject).end(body);
  return promise;
}
