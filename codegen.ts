import type { CodegenConfig } from '@graphql-codegen/cli';

/** How values of the schema look in TypeScript, for every client. */
const typing = {
  useTypeImports: true,
  enumsAsTypes: true,
  strictScalars: true,
  scalars: {
    DateTime: 'string',
    URL: 'string',
    Milliseconds: 'number',
    ByteSize: 'number',
    LanguageTag: 'string',
    EventCursor: 'string',
  },
  documentMode: 'string',
  importExtension: '.ts',
  emitLegacyCommonJSImports: false,
} as const;

/** Typed documents for every client in this repository, made from the printed schema: no server needs to run. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  ignoreNoDocuments: true,
  generates: {
    'src/generated/client/': {
      preset: 'client',
      // The corpus of the benches and their peers are packages of their own and may be installed.
      documents: ['scripts/demo/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts', '!**/node_modules/**', '!bench/corpus/**'],
      presetConfig: { fragmentMasking: false },
      config: typing,
    },
    'web/client/src/generated/': {
      preset: 'client',
      documents: ['web/client/documents/*.graphql'],
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: typing,
    },
    'web/client/src/generated/hooks.ts': {
      documents: ['web/client/documents/*.graphql'],
      plugins: ['./web/client/hooks-plugin.ts'],
    },
  },
};

export default config;
