import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { attacks, wrongSubscription, wrongVariables } from '../support/attacks.ts';
import { type House, openHouse } from '../support/house.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false });
});
afterAll(() => house[Symbol.asyncDispose]());

const refusal = z.strictObject({
  errors: z.array(z.object({ extensions: z.object({ code: z.string(), correlationId: z.string() }) })).max(5),
});

const codesOf = (answer: unknown): string[] => [
  ...new Set(refusal.parse(answer).errors.map(({ extensions }) => extensions.code)),
];

const post = (body: unknown, accept: string) =>
  fetch(`${house.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${house.token}` },
    body: JSON.stringify(body),
  });

const table = attacks.map((attack) => [attack.name, attack] as const);
const wrong = wrongVariables.map((attack) => [attack.name, attack] as const);
const streamed = [...table, ...wrong, [wrongSubscription.name, wrongSubscription] as const];

describe('over HTTP, a request', () => {
  test.each(table)('that %s is refused', async (...[, { query, variables, code }]) => {
    const response = await post({ query, variables }, 'application/graphql-response+json');
    expect(response.status).toBe(400);
    expect(codesOf(await response.json())).toEqual([code]);
  });
});

describe('over HTTP, a document', () => {
  test.each(wrong)('that runs in a request that %s is told five faults', async (...[, { query, variables, code }]) => {
    const response = await post({ query, variables }, 'application/graphql-response+json');
    expect(codesOf(await response.json())).toEqual([code]);
  });
});

describe('over server-sent events, a request', () => {
  test.each(streamed)('that %s is refused', async (...[, { query, variables, code }]) => {
    const response = await post({ query, variables }, 'text/event-stream');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
    expect(events.map((line) => codesOf(JSON.parse(line.slice(6))))).toEqual([[code]]);
  });
});
