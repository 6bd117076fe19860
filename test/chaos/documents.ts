import { graphql } from '#generated/client/gql.ts';
import type { TypedDocumentString } from '#generated/client/graphql.ts';

export const createUpload = graphql(`
  mutation ChaosCreateUpload($input: CreateUploadInput!) {
    done: createUpload(input: $input) {
      errors { code message }
      upload { id target { url headers { name value } } }
    }
  }
`);

export const finalizeUpload = graphql(`
  mutation ChaosFinalizeUpload($input: FinalizeUploadInput!) {
    done: finalizeUpload(input: $input) {
      errors { code message }
      run { id eventCursor }
    }
  }
`);

export const startRun = graphql(`
  mutation ChaosStartRun($input: StartRunInput!) {
    done: startRun(input: $input) {
      errors { code message }
      run { id eventCursor }
    }
  }
`);

export const cancelRun = graphql(`
  mutation ChaosCancelRun($input: CancelRunInput!) {
    done: cancelRun(input: $input) {
      errors { code message }
      run { id }
    }
  }
`);

export const deleteUpload = graphql(`
  mutation ChaosDeleteUpload($input: DeleteUploadInput!) {
    done: deleteUpload(input: $input) {
      errors { code message }
      deletedId
    }
  }
`);

export const retryRun = graphql(`
  mutation ChaosRetryRun($input: RetryRunInput!) {
    done: retryRun(input: $input) {
      errors { code message }
      run { id eventCursor }
    }
  }
`);

export const whoAmI = graphql(`query ChaosWho { viewer { workspaces { nodes { workspace { id } } } } }`);

export const follow = graphql(`
  subscription ChaosFollow($runId: ID!, $after: EventCursor) {
    runEvents(runId: $runId, after: $after) {
      __typename
      sequence
      cursor
      ... on RunSnapshotEvent { reason run { status progress isFinal } }
      ... on RunStatusEvent { runStatus isFinal }
      ... on StageStatusEvent { stageRunId stageStatus attempt }
      ... on StageProgressEvent { stageRunId stageProgress runProgress }
      ... on ArtifactReadyEvent { stageRunId }
    }
  }
`);

type Answered = typeof follow extends TypedDocumentString<infer Result, infer _> ? Result : never;
export type Followed = Answered;
/** An event as a subscriber got it. */
export type SeenEvent = NonNullable<Answered extends { runEvents?: infer Event | null } ? Event : never>;
