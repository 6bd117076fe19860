import { type AuditResult, serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../support/house.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false });
});
afterAll(() => house[Symbol.asyncDispose]());

/** As any client that uses GET must: with the header that makes browsers ask first. */
const preflighted: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('graphql-preflight', '1');
  return fetch(input, { ...init, headers });
};

const audits = serverAudits({ url: () => `${house.url}/graphql`, fetchFn: preflighted });

/** What an audit found, and why. */
const said = (result: AuditResult): string => (result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`);

describe('the audit of GraphQL over HTTP', () => {
  test('asks 61 questions', () => {
    expect(audits).toHaveLength(61);
  });

  test.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (...[, audit]) => {
    expect(said(await audit.fn())).toBe('ok');
  });
});
