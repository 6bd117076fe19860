import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openDocuments } from '#http/documents.ts';
import { schema } from '#schema.ts';

const generated = path.resolve(import.meta.dirname, '../../web/client/src/generated/persisted-documents.json');

test('every document of the client is valid, and within the limits of the API', async () => {
  const trusted = z.record(z.string(), z.string()).parse(JSON.parse(await readFile(generated, 'utf8')));
  const documents = openDocuments(schema, { introspection: false, trusted: null });
  const faults = Object.values(trusted).flatMap((query) => {
    const document = documents({ query });
    return 'kind' in document
      ? []
      : document.map(({ message }) => `${/(query|mutation|subscription) \w+/.exec(query)?.[0]}: ${message}`);
  });
  expect(faults).toEqual([]);
  expect(Object.keys(trusted).length).toBeGreaterThan(25);
});
