import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents for every client in this repository, made from the printed schema: no server needs to run. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  // The corpus of the benches is a package of its own and may be installed.
  documents: ['scripts/demo/**/*.ts', 'bench/**/*.ts', '!bench/corpus/**', 'test/**/*.ts'],
  ignoreNoDocuments: true,
  generates: {
    'src/generated/client/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
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
      },
    },
  },
};

export default config;
