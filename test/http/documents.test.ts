import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { openDocuments } from '#http/documents.ts';

const schema = buildSchema('type Query { talk(id: ID): String }');

test('the same text is read once', () => {
  const documents = openDocuments(schema);
  expect(documents('{ talk }')).toBe(documents('{ talk }'));
  expect(documents('{ talk }')).toMatchObject({ kind: 'Document' });
  expect(documents('{ talk(id: 1) }')).not.toBe(documents('{ talk }'));
});

test('what cannot be read or run is told each time', () => {
  const documents = openDocuments(schema);
  for (const _again of [1, 2]) {
    expect(documents('{ talk')).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
    expect(documents('{ walk }')).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  }
});

test('the document asked for longest ago is read again, and nonsense pushes none out', () => {
  const documents = openDocuments(schema);
  const numbered = (id: number) => documents(`{ talk(id: ${id}) }`);
  const [first, second] = [numbered(0), numbered(1)];
  for (let id = 2; id < 200; id += 1) numbered(id);
  for (let id = 0; id < 300; id += 1) documents(`{ walk${id} }`);
  expect(numbered(0)).toBe(first);
  numbered(200);
  expect(numbered(0)).toBe(first);
  expect(numbered(1)).not.toBe(second);
});

test('a very long document is not kept', () => {
  const documents = openDocuments(schema);
  const long = `{ ${'talk '.repeat(1_000)}}`;
  expect(documents(long)).not.toBe(documents(long));
});
