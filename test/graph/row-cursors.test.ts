import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type House, openHouse } from '../support/house.ts';

const lines: string[] = [];
let house: House;

beforeAll(async () => {
  house = await openHouse({ worker: false, level: 'error', logTo: { write: (line) => void lines.push(line) } });
});
afterAll(() => house[Symbol.asyncDispose]());

const answered = z.object({
  data: z.unknown(),
  errors: z.array(
    z.object({ path: z.array(z.union([z.string(), z.number()])), extensions: z.object({ code: z.string() }) }),
  ),
});

async function ask(query: string, after: string) {
  const response = await fetch(`${house.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${house.token}` },
    body: JSON.stringify({ query, variables: { id: house.workspaceId, after } }),
  });
  return answered.parse(await response.json());
}

const madeUp = ['GPC:S:x', 'GPC:N:1e999', 'GPC:Z:', 'GPC:O:{"a":1}', 'GPC:T:["S:x"]', 'GPC:I:x', 'S:x', '\0', ''];

test.each([
  ['of a root', 'query ($after: String) { workspaces(after: $after) { nodes { id } } }', ['workspaces']],
  [
    'of a list below a list',
    'query ($after: String) { workspaces { nodes { id uploads(after: $after) { nodes { id } } } } }',
    ['workspaces', 'nodes', 0, 'uploads'],
  ],
  [
    'beside a page of the same list',
    `query ($id: ID!, $after: String) {
      workspace(by: { id: $id }) { first: uploads { nodes { id } } next: uploads(before: $after) { totalCount } }
    }`,
    ['workspace', 'next'],
  ],
  [
    'below a node',
    'query ($id: ID!, $after: String) { node(id: $id) { ... on Workspace { runs(after: $after) { edges { cursor } } } } }',
    ['node', 'runs'],
  ],
])('a made-up cursor %s is refused at its field, and nothing is wrong with us', async (_where, query, path) => {
  for (const text of madeUp) {
    const { errors } = await ask(query, Buffer.from(text).toString('base64'));
    expect({ text, errors }).toMatchObject({ text, errors: [{ path, extensions: { code: 'BAD_USER_INPUT' } }] });
  }
  expect(lines).toEqual([]);
});

test('what stands beside it at the root is answered', async () => {
  const query = `query ($id: ID!, $after: String) {
    workspaces(after: $after) { nodes { id } } workspace(by: { id: $id }) { id }
  }`;
  const { data } = await ask(query, 'nonsense');
  expect(data).toEqual({ workspaces: null, workspace: { id: house.workspaceId } });
});
