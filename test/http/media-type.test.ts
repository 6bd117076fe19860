import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../support/house.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false });
});
afterAll(() => house[Symbol.asyncDispose]());

/** Anything behind the path is left to Yoga. */
const ways = ['/graphql', '/graphql?'];

async function send(path: string, type: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${house.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body: '{"query":"{ __typename }"}',
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

describe.each(ways)('a body sent to %s', (path) => {
  test.each([
    'APPLICATION/JSON',
    'Application/Json; charset=utf-8',
    'application/json ;charset=utf-8',
    'application/json \t ; Charset="UTF-8"',
  ])('is JSON as "%s"', async (type) => {
    expect(await send(path, type)).toMatchObject({ status: 200, text: '{"data":{"__typename":"Query"}}' });
  });

  test.each([
    'text/plain',
    'TEXT/PLAIN',
    'Text/Plain ; charset=utf-8',
    'text/plain;application/json',
    'text/plain, application/json',
    'Multipart/Form-Data ; boundary=x',
    'APPLICATION/X-WWW-FORM-URLENCODED',
    'application/x-www-form-urlencoded ;charset=utf-8',
  ])('is refused as what another site may send unasked: "%s"', async (type) => {
    const { status, text } = await send(path, type);
    expect([status, text]).toEqual([403, expect.stringContaining('"code":"FORBIDDEN"')]);
  });

  test.each([
    ['application/xml', {}],
    ['application/jsonp', {}],
    ['application /json', {}],
    ['application/json\u00a0', {}],
    ['text/plain', { 'graphql-preflight': '1' }],
    ['multipart/form-data; boundary=x', { 'apollo-require-preflight': '1' }],
  ])('is told in JSON that it is not taken as "%s"', async (type, headers) => {
    const answer = await send(path, type, headers);
    expect(answer).toMatchObject({
      status: 415,
      type: expect.stringMatching(/^application\/(graphql-response\+)?json/),
    });
    expect(JSON.parse(answer.text)).toMatchObject({
      errors: [{ extensions: { code: 'BAD_REQUEST', correlationId: expect.any(String) } }],
    });
  });
});
