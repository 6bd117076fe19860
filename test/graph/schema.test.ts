import { type GraphQLNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '#schema.ts';

test('every type, field, argument and value says in a sentence what it is', () => {
  const own = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const builtIn = new Set(['Boolean', 'Float', 'ID', 'Int', 'String']);
  const named = own.filter(({ name }) => !builtIn.has(name)).flatMap(describedParts);
  expect(named.length).toBeGreaterThan(300);
  expect(named.filter(([, description]) => !/^\S.*[.`]$/s.test(description ?? '')).map(([name]) => name)).toEqual([]);
  expect(named.filter(([, description]) => /undefined|\[object/.test(description ?? '')).map(([name]) => name)).toEqual(
    [],
  );
});

test('roots are nullable, so that one that fails does not erase its siblings', () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap((root) => Object.values(root?.getFields() ?? {}));
  expect(fields.filter(({ type }) => String(type).endsWith('!')).map(({ name }) => name)).toEqual([]);
});

test('every mutation takes one input and answers with errors as data', () => {
  for (const { args, type } of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    expect(args.map((arg) => String(arg.type))).toEqual([expect.stringMatching(/Input!$/)]);
    expect(isObjectType(type) && String(type.getFields().errors?.type)).toBe('[ApiError!]!');
  }
});

type Part = readonly [name: string, description: string | null | undefined];

function describedParts(type: GraphQLNamedType): Part[] {
  return [
    [type.name, type.description],
    ...partsOf(type).map(([name, about]): Part => [`${type.name}.${name}`, about]),
  ];
}

function partsOf(type: GraphQLNamedType): Part[] {
  if (isEnumType(type)) return type.getValues().map(({ name, description }) => [name, description]);
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map(({ name, description }) => [name, description]);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field): Part[] => [
    [field.name, field.description],
    ...field.args.map((arg): Part => [`${field.name}(${arg.name})`, arg.description]),
  ]);
}
