import { defineConfig } from 'prisma/config';

// The CLI downloads a native schema engine for every command, although these three never start one: name any binary
// that exists. The test of argv matters: `prisma migrate` on a machine with a network must fetch the real engine.
if (['generate', 'validate', 'format'].includes(process.argv[2] ?? '')) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
