import * as fc from 'fast-check';
import { isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { globalId } from '#base/global-id.ts';
import { schema } from '#schema.ts';

test('a global id is base64url of what it names, for each type of the schema', () => {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  fc.assert(
    fc.property(fc.constantFrom(...types.map(({ name }) => name)), fc.uuid(), (type, id) => {
      expect(globalId(type, id)).toBe(Buffer.from(`${type}:${id}`).toString('base64url'));
    }),
  );
});
