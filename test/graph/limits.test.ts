import * as fc from 'fast-check';
import { buildSchema, Kind, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { limits } from '#graph/limits.ts';
import { measured } from '#graph/limits-faults.ts';
import { type Measure, measureOf } from '#graph/limits-measure.ts';
import type { Variables } from '#graph/limits-size.ts';
import { variableFaults } from '#graph/limits-variables.ts';

const schema = buildSchema(`
  type Query { talk(id: ID): Talk talks(first: Int, last: Int): TalkConnection nodes(ids: [ID!]!): [Talk] }
  type TalkConnection { nodes: [Talk!]! edges: [TalkEdge!]! totalCount: Int! pageInfo: PageInfo! }
  type TalkEdge { node: Talk! cursor: String! }
  type PageInfo { hasNextPage: Boolean! }
  type Talk { id: ID! title: String words: [Word!]! next: Talk talks(first: Int): TalkConnection! }
  type Word { text: String! }
`);

function measure(text: string, variables: Variables = {}): Measure {
  const { definitions } = parse(text);
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('the document has no operation');
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const named = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  return measureOf(operation, { schema, fragments: named, variables });
}

describe('the cost of', () => {
  test.each<[string, string, number]>([
    ['an object is one, whatever values are read of it', '{ talk { id title } }', 1],
    ['objects inside each other is their number', '{ talk { next { next { id } } } }', 3],
    ['a list without a page is that of five', '{ talk { words { text } } }', 6],
    ['a page is that of each of its items and its own', '{ talks(first: 10) { nodes { id } } }', 11],
    ['a page by edges counts both', '{ talks(first: 10) { edges { node { id } } } }', 21],
    ['a page from the end is the same', '{ talks(last: 10) { nodes { id } } }', 11],
    ['a page without a length is that of twenty', '{ talks { nodes { id } } }', 21],
    ['the state of a page is not that of its items', '{ talks(first: 50) { pageInfo { hasNextPage } totalCount } }', 2],
    ['a page of pages is the product', '{ talks(first: 10) { nodes { talks(first: 10) { nodes { id } } } } }', 121],
    ['objects by id is their number', '{ nodes(ids: ["1", "2", "3"]) { next { id } } }', 6],
    ['a fragment is that of each of its uses', '{ talk { ...N next { ...N } } } fragment N on Talk { next { id } }', 4],
    ['asking for the schema is a thousand', '{ __schema { types { name } } }', 1_000],
  ])('%s', (...[, text, cost]) => {
    expect(measure(text).cost).toBe(cost);
  });

  test('a page in a variable is that of its value, and of a hundred where no value is known', () => {
    const text = 'query ($n: Int) { talks(first: $n) { nodes { id } } }';
    expect(measure(text, { n: 7 }).cost).toBe(8);
    expect(measure(text, {}).cost).toBe(21);
    expect(measure(text, null).cost).toBe(101);
  });

  test('objects by ids in a variable are their number, wherever that comes from', () => {
    const text = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    expect(measure(text, { ids: ['1', '2', '3'] }).cost).toBe(3);
    expect(measure(text, { ids: 'one' }).cost).toBe(1);
    expect(measure(text, {}).cost).toBe(100);
    expect(measure('{ nodes(ids: "one") { id } }').cost).toBe(1);
    expect(measure('query ($id: ID) { nodes(ids: [$id $id]) { id } }', {}).cost).toBe(2);
  });

  test.each<[string, string, Variables]>([
    ['a list', 'query ($n: Int = "x") { talks(first: $n) { nodes { id } } }', { n: [1] }],
    ['a text', '{ talks(first: "3") { nodes { id } } }', {}],
    ['an object', 'query ($n: Int) { talks(first: $n) { nodes { id } } }', { n: { a: 1 } }],
  ])('a page whose length cannot be told, as it is %s, is that of a hundred', (...[, text, variables]) => {
    expect(measure(text, variables).cost).toBe(101);
  });

  test('a page that is asked for from both ends is the longer one, and without a length one of twenty', () => {
    const text = 'query ($n: Int, $m: Int) { talks(first: $n, last: $m) { nodes { id } } }';
    expect(measure(text, { n: 3, m: 90 }).cost).toBe(91);
    expect(measure(text, { n: 90, m: null }).cost).toBe(91);
    expect(measure(text, { n: null, m: null }).cost).toBe(21);
    expect(measure('{ talks(first: null) { nodes { id } } }').cost).toBe(21);
  });

  test('no page brings down what the others cost', () => {
    const text = '{ a: talks(first: -1000) { nodes { id } } b: talks(first: 10) { nodes { id } } }';
    expect(measure(text).cost).toBe(12);
  });
});

describe('the default of a variable', () => {
  const ids = (count: number): string => `[${'"x" '.repeat(count)}]`;
  const text = (given: string): string =>
    `query ($ids: [ID!]! = ${given}) { nodes(ids: $ids) { talks(first: 100) { nodes { id } } } }`;
  const faults = (given: string, variables: Variables) => measured(schema, parse(text(given))).faultsOf({ variables });

  test('counts where nothing is sent for it', () => {
    expect(faults(ids(10), {})).toEqual([]);
    expect(faults(ids(100), {})).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
  });

  test('does not where something is', () => {
    expect(faults(ids(100), { ids: ['x'] })).toEqual([]);
    expect(faults(ids(1), { ids: Array.from({ length: 100 }, () => 'x') })).toHaveLength(1);
  });
});

describe('the depth of a document', () => {
  test('is that of its fields, through fragments as without', () => {
    expect(measure('{ talk { next { id } } }').depth).toBe(3);
    expect(measure('{ talk { ... { ... on Talk { next { id } } } } }').depth).toBe(3);
    expect(measure('{ talk { ...N } } fragment N on Talk { next { id } }').depth).toBe(3);
  });

  test('counts the schema apart, by field and never by the name of a fragment', () => {
    const asked = measure('{ __schema { types { fields { name } } } }');
    expect(asked).toMatchObject({ depth: 1, introspectionDepth: 4 });
    const named = measure('{ talk { ...__schema } } fragment __schema on Talk { next { next { id } } }');
    expect(named).toMatchObject({ depth: 4, introspectionDepth: 0 });
  });
});

test('fields repeat where one name is taken twice for the same object, also through fragments', () => {
  expect(measure('{ talk { id a: id } }').repeats).toBe(0);
  expect(measure('{ talk { id id id } }').repeats).toBe(2);
  expect(measure('{ talk { id ...N ...M } } fragment N on Talk { id } fragment M on Talk { id title }').repeats).toBe(
    2,
  );
  expect(measure('{ talk { id } other: talk { id } }').repeats).toBe(0);
});

test('a document of a thousand fragments that each spread the next one twice is measured at once', () => {
  const chain = Array.from(
    { length: 1_000 },
    (_, at) => `fragment F${at} on Talk { next { ...F${at + 1} ...F${at + 1} } }`,
  );
  const { faults } = measured(schema, parse(`{ talk { ...F0 } } ${chain.join(' ')} fragment F1000 on Talk { id }`));
  expect(faults.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      'The operation has 300 levels of fields; at most 12 are accepted.',
      'The operation has over a billion spread fragments; at most 60 are accepted.',
    ]),
  );
});

test('what the schema does not know is measured as written', () => {
  expect(measure('{ no { such { thing { at { all } } } } }')).toMatchObject({ depth: 5, fields: 1 });
  expect(measure('{ ...Missing }')).toMatchObject({ depth: 0, fields: 0 });
  expect(measure('{ ...On } fragment On on Nothing { a b }')).toMatchObject({ depth: 1, fields: 2 });
});

/** A selection of any shape, and the same one with parts of it moved into fragments. */
const selections = fc.letrec<{ set: Shape; field: Shape }>((tie) => ({
  set: fc.array(tie('field'), { minLength: 1, maxLength: 3 }).map((parts) => joined(parts, ' ')),
  field: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('id', 'title', 'a: id').map((text) => ({ plain: text, apart: text, fragments: [] })),
    tie('set').map((inner) => around(inner, (text) => `next { ${text} }`)),
    fc
      .tuple(fc.nat(9), tie('set'))
      .map(([n, inner]) => around(inner, (text) => `talks(first: ${n}) { nodes { ${text} } }`)),
    tie('set').map(moved),
  ),
})).set;

interface Shape {
  readonly plain: string;
  readonly apart: string;
  readonly fragments: readonly string[];
}

const joined = (parts: readonly Shape[], between: string): Shape => ({
  plain: parts.map(({ plain }) => plain).join(between),
  apart: parts.map(({ apart }) => apart).join(between),
  fragments: parts.flatMap(({ fragments }) => fragments),
});

const around = ({ plain, apart, fragments }: Shape, wrap: (text: string) => string): Shape => ({
  plain: wrap(plain),
  apart: wrap(apart),
  fragments,
});

let moves = 0;

function moved({ plain, apart, fragments }: Shape): Shape {
  moves += 1;
  const name = `M${moves}`;
  return { plain, apart: `...${name}`, fragments: [...fragments, `fragment ${name} on Talk { ${apart} }`] };
}

test('moving parts of a document into fragments changes nothing of its measure but their number', () => {
  fc.assert(
    fc.property(selections, ({ plain, apart, fragments }) => {
      const { spreads: _none, names: _names, ...before } = measure(`{ talk { ${plain} } }`);
      const unique = [...new Set(fragments)];
      const { spreads, names: _other, ...after } = measure(`{ talk { ${apart} } } ${unique.join(' ')}`);
      expect(after).toEqual(before);
      expect(spreads).toBe(fragments.length);
    }),
  );
});

describe('variables', () => {
  test('of the largest input that there is are accepted', () => {
    const sightings = Array.from({ length: 2_400 }, (_, at) => ({ at, left: 0, top: 0, width: 1, height: 1 }));
    expect(variableFaults({ input: { plan: { follow: { sightings } } } })).toEqual([]);
    expect(variableFaults(undefined)).toEqual([]);
  });

  test('of a hundred thousand levels are refused, not walked into until the stack ends', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(variableFaults({ deep })).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('of too many values are refused', () => {
    const many = { list: Array.from({ length: limits.variableValues + 1 }, () => 0) };
    expect(variableFaults(many)).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
