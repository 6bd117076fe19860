import { readFileSync } from 'node:fs';
import graphql, { configs, parser } from '@graphql-eslint/eslint-plugin';
import { buildSchema, isObjectType } from 'graphql';

/** Left out, each with its reason. */
const leftOut = {
  // schema.graphql is printed in one order, by scripts/print-schema.ts; fields keep that of their words.
  alphabetize: 'off',
  // The API has mutations and subscriptions.
  'no-root-type': 'off',
  // `query` in payloads would double the depth that a document can reach.
  'require-field-of-type-query-in-mutation-result': 'off',
  // Needs an argument of @deprecated that no standard knows; docs/api.md says how long a deprecation lasts.
  'require-deprecation-date': 'off',
};

const stricter = {
  'require-description': [
    'error',
    {
      types: true,
      DirectiveDefinition: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
      rootField: true,
    },
  ],
};

/** Values, such as a range of time, a cost or a payload, are no objects that anybody could ask for again. */
const values = Object.values(buildSchema(readFileSync('schema.graphql', 'utf8')).getTypeMap())
  .filter((type) => isObjectType(type) && type.getInterfaces().every(({ name }) => name !== 'Node'))
  .map(({ name }) => name);

const fitted = {
  'strict-id-in-types': ['error', { exceptions: { types: values } }],
  // Short lists that are always whole (the renditions of a clip) are lists; events and found places have cursors, not ids.
  'relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: false }],
};

const named = (rules) => Object.fromEntries(Object.entries(rules).map(([name, rule]) => [`@graphql-eslint/${name}`, rule]));

export default [
  {
    files: ['**/*.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: { parser, parserOptions: { graphQLConfig: { schema: 'schema.graphql', documents: [] } } },
    rules: {
      ...configs['flat/schema-all'].rules,
      ...configs['flat/schema-relay'].rules,
      ...named({ ...stricter, ...fitted, ...leftOut }),
    },
  },
];
