import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { eventCursor } from '#graph/ids.ts';
import { type DrivenRun, openDrivenRun } from '../../support/driven-run.ts';
import { type House, openHouse } from '../../support/house.ts';
import { tenantOf } from '../../support/seed.ts';

const logDocument = graphql(`
  query LogOfRun($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    node(id: $id) {
      ... on Run {
        events(first: $first, after: $after, last: $last, before: $before) {
          nodes { __typename sequence cursor ... on StageProgressEvent { runProgress } }
          edges { cursor node { cursor } }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }
  }
`);

let house: House;
let run: DrivenRun;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  run = await openDrivenRun(house.database, await tenantOf(house.database, 'analytical'));
  await run.begin();
  for (const percent of [25, 50, 75]) await run.tell(percent);
  await run.finish();
});
afterAll(async () => {
  await run[Symbol.asyncDispose]();
  await house[Symbol.asyncDispose]();
});

async function page(more: { first?: number; after?: string; last?: number; before?: string } = {}) {
  const { data, errors } = await house.send(logDocument, { id: run.globalId, ...more });
  const events = data.node && 'events' in data.node ? data.node.events : undefined;
  return { events, errors, numbers: events?.nodes.map(({ sequence }) => sequence) };
}

const at = (sequence: number) => eventCursor(run.runId, sequence);

describe('the log of a run', () => {
  test('is read from its beginning, in order, with the cursors that a subscription takes', async () => {
    const { events, numbers } = await page();
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(events?.edges.map(({ cursor }) => cursor)).toEqual(events?.nodes.map(({ cursor }) => cursor));
    expect(events?.edges[3]?.cursor).toBe(at(4));
    expect(events?.nodes[4]).toMatchObject({ __typename: 'StageProgressEvent', runProgress: 0.25 });
    expect(events?.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: at(1),
      endCursor: at(9),
    });
  });

  test('is paged from both ends', async () => {
    expect(await page({ first: 4 })).toMatchObject({
      numbers: [1, 2, 3, 4],
      events: { pageInfo: { hasNextPage: true } },
    });
    expect(await page({ first: 4, after: at(4) })).toMatchObject({ numbers: [5, 6, 7, 8] });
    expect(await page({ last: 3 })).toMatchObject({
      numbers: [7, 8, 9],
      events: { pageInfo: { hasPreviousPage: true } },
    });
    expect(await page({ last: 3, before: at(3) })).toMatchObject({ numbers: [1, 2] });
  });

  test('has an empty page behind its end', async () => {
    expect((await page({ after: at(9) })).numbers).toEqual([]);
  });

  test.each([
    ['garbage', 'garbage'],
    ['of another run', eventCursor(crypto.randomUUID(), 1)],
    ['of a number that no run reaches', 'too far'],
  ])('refuses a cursor that is %s', async (_what, cursor) => {
    const after = cursor === 'too far' ? at(9_999_999_999) : cursor;
    expect((await page({ after })).errors).toMatchObject([{ extensions: { code: 'INVALID_CURSOR' } }]);
  });
});
