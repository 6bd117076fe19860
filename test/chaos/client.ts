import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { TypedDocumentString } from '#generated/client/graphql.ts';
import type { History } from './history.ts';

/** What the payload of every mutation has. */
interface Payload {
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

/** The answer of one mutation that was delivered twice, once to each API. */
interface Delivered<P> {
  readonly payload: P;
  readonly twin: P;
}

/** A signed-in client that does not give up. */
export interface ChaosClient {
  /** Asks one API until it answers. */
  ask<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables): Promise<Result>;
  /** Delivers a mutation twice, to both APIs at the same time, until both have answered. */
  deliver<P extends Payload, Variables>(
    document: TypedDocumentString<{ done?: P | null }, Variables>,
    variables: Variables,
  ): Promise<Delivered<P>>;
}

/** Opens a client of both APIs. */
export function openClient(urls: readonly [string, string], token: string, history: History): ChaosClient {
  const patiently = async <Result, Variables>(
    url: string,
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result> => {
    const until = performance.now() + patienceMs;
    for (;;) {
      const answered = await send(url, token, { query: document.toString(), variables });
      if (answered.data !== undefined && !isPassing(answered.data)) {
        // The document's type is what the schema says it answers.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        return answered.data as Result;
      }
      if (performance.now() > until) throw new Error(`no answer to ${nameOf(document)}: ${answered.why}`);
      await wait(200);
    }
  };
  return {
    ask: (document, variables) => patiently(urls[0], document, variables),
    deliver: async (document, variables) => {
      const answers = await Promise.all(urls.map((url) => patiently(url, document, variables)));
      const [payload, twin] = answers.map(({ done }) => done);
      if (!payload || !twin) throw new Error(`${nameOf(document)} was answered with nothing`);
      history.acknowledged += 1;
      return { payload, twin };
    },
  };
}

const patienceMs = 90_000;

/** Says so where two answers to the same mutation are not the same. */
export function expectTwins(history: History, what: string, pair: readonly [unknown, unknown]): void {
  if (isDeepStrictEqual(pair[0], pair[1])) return;
  const detail = `${what} delivered twice gave ${JSON.stringify(pair[0])} and ${JSON.stringify(pair[1])}`;
  history.violations.push({ check: 'mutations', kind: 'duplicated', detail });
}

interface Sent {
  readonly data?: unknown;
  readonly why: string;
}

async function send(url: string, token: string, body: object): Promise<Sent> {
  try {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    const { data, errors }: { data?: unknown; errors?: unknown } = await answer.json();
    const why = JSON.stringify(errors ?? data);
    if (JSON.stringify(errors ?? null).includes('GRAPHQL_VALIDATION_FAILED')) throw new TypeError(why);
    return errors === undefined ? { data, why } : { why };
  } catch (thrown) {
    if (thrown instanceof TypeError && thrown.message.includes('VALIDATION')) throw thrown;
    return { why: String(thrown) };
  }
}

/** Codes by which an API says: not now. */
const passing: ReadonlySet<string> = new Set(['INTERNAL', 'PROVIDER_UNAVAILABLE', 'PROVIDER_BAD_ANSWER', 'TIMED_OUT']);

function isPassing(data: unknown): boolean {
  const codes = [...JSON.stringify(data).matchAll(/"errors":\[\{[^\]]*?"code":"(\w+)"/g)].map(([, code = '']) => code);
  return codes.some((code) => passing.has(code));
}

const nameOf = (document: { toString(): string }): string => /\w+ (\w+)/.exec(document.toString())?.[1] ?? '?';
