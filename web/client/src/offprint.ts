// The door of the package: what `@offprint/client` exports.
export type { Caller, Calling } from './caller.ts';
export { type Client, createClient } from './client.ts';
export type { TypedDocument } from './document.ts';
export { type FailureCode, OffprintError, type TopError } from './failure.ts';
export type { Following } from './follow-run.ts';
export * from './generated/graphql.ts';
export type { Outcome, Refusal } from './outcome.ts';
export { resumable } from './resumable.ts';
export {
  type Announced,
  type RunEvent,
  type RunState,
  reduceRun,
  runStateOf,
  type StageRunState,
  unknownRun,
} from './run-state.ts';
export type { ClientOptions, Token } from './settings.ts';
export type { Announcement, Sending, Uploaded, UploadTask } from './upload.ts';
