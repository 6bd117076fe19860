import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../support/house.ts';
import { blockedSessions } from '../support/steps.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false });
});
afterAll(() => house[Symbol.asyncDispose]());

const post = async (url: string, token: string, query: string): Promise<unknown> => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
};

test('while all that one person asks for hangs, others are answered, and the API is ready', async () => {
  // Longer than the test waits: nobody is helped by statements that end.
  await using server = await house.openServer({ EXECUTION_TIMEOUT_MS: '120000', RATE_LIMITS: 'off' });
  const { url } = server;
  const other = await house.keys.mint({ user: 'bob', workspace: 'bobs' });
  const known = await post(url, other, '{ viewer { user { displayName } } }');
  const pages = await post(url, house.token, '{ viewer { workspaces { nodes { workspace { id } } } } }');
  const [, id] = /"id":"([^"]+)"/.exec(JSON.stringify(pages)) ?? [];
  const lock = await house.database.pool.connect();
  const blocked = () => blockedSessions(house.database);
  const hanging: Promise<unknown>[] = [];
  try {
    await lock.query('begin; lock table uploads in access exclusive mode');
    for (const field of ['id', 'title', 'status', 'createdAt'])
      for (let at = 0; at < 15; at += 1) {
        hanging.push(
          post(
            url,
            house.token,
            `{ node(id: "VXBsb2FkOg") { id } workspace(by: { id: "${id}" }) { uploads { totalCount nodes { ${field} } } } }`,
          ),
        );
      }
    await expect.poll(blocked).toBeGreaterThanOrEqual(3);
    expect(await post(url, other, '{ viewer { user { displayName } } }')).toEqual(known);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await blocked()).toBeLessThanOrEqual(8);
  } finally {
    await lock.query('rollback');
    lock.release();
  }
  await Promise.all(hanging);
});
