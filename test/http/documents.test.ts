import { describe, expect, test } from 'vitest';
import * as client from '#generated/client/graphql.ts';
import { type Documents, openDocuments } from '#http/documents.ts';
import { readTrustedDocuments } from '#http/trusted-documents.ts';
import { schema } from '#schema.ts';
import { attacks } from '../support/attacks.ts';

const rules = { introspection: true, trusted: null };
const opened = () => openDocuments(schema, rules);
const node = (id: number): string => `{ node(id: "${id}") { id } }`;

describe('a document', () => {
  test('of the same text is read once', () => {
    const documents = opened();
    expect(documents({ query: node(1) })).toBe(documents({ query: node(1) }));
    expect(documents({ query: node(1) })).toMatchObject({ kind: 'Document' });
    expect(documents({ query: node(2) })).not.toBe(documents({ query: node(1) }));
  });

  test('that cannot be read or run is told so each time', () => {
    const documents = opened();
    for (const _again of [1, 2]) {
      expect(documents({ query: '{ node' })).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
      expect(documents({ query: '{ walk }' })).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    }
  });

  test('that was asked for twice is kept, whatever others are asked for once, and nonsense pushes none out', () => {
    const documents = opened();
    const numbered = (id: number) => documents({ query: node(id) });
    const [first, second] = [numbered(0), numbered(1)];
    numbered(0);
    for (let id = 0; id < 300; id += 1) documents({ query: `{ walk${id} }` });
    expect(numbered(1)).toBe(second);
    const third = numbered(2);
    for (let id = 3; id < 300; id += 1) numbered(id);
    expect(numbered(0)).toBe(first);
    expect(numbered(1)).toBe(second);
    expect(numbered(2)).not.toBe(third);
  });

  test('is one of 150 that are asked for again; the one asked for longest ago is read again', () => {
    const documents = opened();
    const twice = (id: number) => [documents({ query: node(id) }), documents({ query: node(id) })][1];
    const [first, second] = [twice(0), twice(1)];
    for (let id = 2; id < 150; id += 1) twice(id);
    expect(twice(0)).toBe(first);
    for (let id = 150; id < 250; id += 1) twice(id);
    expect(twice(0)).toBe(first);
    expect(twice(1)).not.toBe(second);
  });

  test('that is very long is not kept', () => {
    const documents = opened();
    const query = `{ node(id: "x") { id } } ${' '.repeat(4_000)}`;
    expect(documents({ query })).not.toBe(documents({ query }));
  });

  test('is held against the limits with the variables of each request, known or not', () => {
    const documents = opened();
    const query =
      'query ($n: Int) { workspaces(first: $n) { nodes { uploads(first: $n) { nodes { id transcript { id } } } } } }';
    const asked = (n: number | null) => documents({ query, variables: { n } });
    const small = asked(10);
    expect(small).toMatchObject({ kind: 'Document' });
    expect(asked(100)).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
    expect(asked(-1)).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(asked(null)).toBe(small);
  });

  test('may hold an operation that is too expensive beside the one that runs', () => {
    const costly = '{ workspaces(first: 100) { nodes { uploads(first: 100) { nodes { id } } } } }';
    const query = `query Cheap { viewer { user { id } } } query Costly ${costly}`;
    const documents = opened();
    expect(documents({ query, operationName: 'Cheap' })).toMatchObject({ kind: 'Document' });
    expect(documents({ query, operationName: 'Costly' })).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COMPLEX' } },
    ]);
  });
});

/** The codes of a refusal, each once; none for a document that may run. */
const codesOf = (answer: ReturnType<Documents>): unknown[] =>
  'kind' in answer ? [] : [...new Set(answer.map(({ extensions }) => extensions.code))];

test.each(attacks.map((attack) => [attack.name, attack] as const))('a document that %s is refused', (...[, attack]) => {
  expect(codesOf(opened()(attack))).toEqual([attack.code]);
});

const sent = Object.entries(client).filter(([name]) => name.endsWith('Document'));

test.each(sent)('%s, which our own clients and tests send, asks for no more than accepted', (...[, document]) => {
  expect(codesOf(opened()({ query: String(document) }))).toEqual([]);
});

test('faults come five at a time', () => {
  const faults = opened()({ query: `{ viewer { ${Array.from({ length: 50 }, (_, at) => `no${at}`).join(' ')} } }` });
  expect(faults).toHaveLength(5);
});

describe('where the schema is not shown', () => {
  const documents = openDocuments(schema, { introspection: false, trusted: null });

  test('nobody can ask for it, by no way round', () => {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Run") { name } }',
      'query A { viewer { user { id } } } query B { ...S } fragment S on Query { s: __schema { types { name } } }',
    ]) {
      expect(codesOf(documents({ query }))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    }
    expect(documents({ query: '{ __typename }' })).toMatchObject({ kind: 'Document' });
  });

  test('no fault suggests a name of it', () => {
    for (const query of [
      '{ viewr { user { id } } }',
      '{ viewer { user { displayNme } } }',
      '{ node(idd: "x") { id } }',
      '{ node(id: "x") { ... on Uplod { id } } }',
    ]) {
      expect(JSON.stringify(documents({ query }))).not.toContain('Did you mean');
      expect(JSON.stringify(opened()({ query }))).toContain('Did you mean');
    }
  });
});

describe('where only trusted documents run', () => {
  const text = 'query Me { viewer { user { id } } }';
  const id = `sha256:${'a'.repeat(64)}`;
  const trusted = { byId: new Map([[id, text]]), texts: new Set([text]) };
  const documents = openDocuments(schema, { introspection: true, trusted });
  const refused = [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }];

  test('one runs by its id, by the extension that clients send, and by its exact text', () => {
    const document = documents({ documentId: id });
    expect(document).toMatchObject({ kind: 'Document' });
    expect(documents({ query: text })).toBe(document);
    const persistedQuery = { version: 1, sha256Hash: 'a'.repeat(64) };
    expect(documents({ query: '', extensions: { persistedQuery } })).toBe(document);
  });

  test('nothing else does', () => {
    expect(documents({ query: '{ viewer { user { id } } }' })).toMatchObject(refused);
    expect(documents({ query: '{ viewer { user { id } } }', documentId: id })).toMatchObject(refused);
    expect(documents({ documentId: `sha256:${'b'.repeat(64)}` })).toMatchObject(refused);
    expect(documents({ query: '' })).toMatchObject(refused);
    expect(documents({})).toMatchObject(refused);
  });
});

test('the list that is written with our client can be trusted, all of it', async () => {
  const trusted = await readTrustedDocuments('web/client/src/generated/persisted-documents.json');
  const documents = openDocuments(schema, { introspection: false, trusted });
  expect(trusted.byId.size).toBeGreaterThan(5);
  for (const documentId of trusted.byId.keys()) expect(codesOf(documents({ documentId }))).toEqual([]);
});

test('a request without a document is told so, where no list of documents is meant', () => {
  for (const nothing of [{ query: '' }, {}, { query: null, extensions: { persistedQuery: 1 } }]) {
    expect(opened()(nothing)).toMatchObject([
      { message: 'The document is empty.', extensions: { code: 'GRAPHQL_PARSE_FAILED' } },
    ]);
  }
});

test('an id means nothing where no documents are trusted', () => {
  const refused = [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }];
  expect(opened()({ documentId: `sha256:${'a'.repeat(64)}` })).toMatchObject(refused);
});
