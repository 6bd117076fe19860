import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As Node itself resolves: without it our imports of graphql and the plugins' would be two modules.
  ssr: { resolve: { conditions: ['module-sync', 'node'], externalConditions: ['module-sync', 'node'] } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // As patient as support/eventually.ts.
    expect: { poll: { timeout: 30_000, interval: 20 } },
  },
});
