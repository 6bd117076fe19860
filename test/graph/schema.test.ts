import {
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
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

/** Sent again, these find done what they ask for, or what they ask for gone; each says why neither key nor base is needed. */
const repeatable: Readonly<Record<string, string>> = {
  cancelRun: 'a run is cancelled once',
  deleteMe: 'what is gone stays gone',
  deleteUpload: 'what is gone stays gone',
  deleteWebhookEndpoint: 'what is gone stays gone',
  deleteWorkspace: 'what is gone stays gone',
  dismissStageRun: 'a failure is dismissed once',
  finalizeUpload: 'an upload is finalized once: the same again has its run, what asks for something else is refused',
  removeWorkspaceMember: 'what is gone stays gone',
  renewUploadTarget: 'makes nothing: the target is signed when it is read',
  revokeApiKey: 'a key ends once',
  setWorkspaceMemberRole: 'says all of what it sets',
  setWorkspacePlan: 'says all of what it sets',
  updateWebhookEndpoint: 'says all of what it sets',
};

test('what starts work or makes something can be told from its repetition', () => {
  const inputs = Object.entries(schema.getMutationType()?.getFields() ?? {}).map(([name, { args }]) => {
    const type = args[0] && getNamedType(args[0].type);
    return [name, isInputObjectType(type) ? Object.keys(type.getFields()) : []] as const;
  });
  const marks = ['idempotencyKey', 'baseVersion', 'baseRevision'];
  const bare = inputs.filter(([, fields]) => !fields.some((field) => marks.includes(field)));
  expect(bare.map(([name]) => name).toSorted()).toEqual(Object.keys(repeatable).toSorted());
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
