// The door of the package for React with urql: what `@offprint/client/urql` exports.
export { type Asking, asQuery } from './ask.ts';
export * from './generated/hooks.ts';
export { OffprintProvider, useOffprint } from './offprint-provider.ts';
export { createUrqlClient } from './urql-client.ts';
export { type FollowedRun, useRun } from './use-run.ts';
