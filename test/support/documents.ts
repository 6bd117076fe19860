import { graphql } from '#generated/client/gql.ts';
import type { TypedDocumentString } from '#generated/client/graphql.ts';

const documents = {
  createUpload: graphql(`
    mutation TryCreateUpload($workspaceId: ID!, $key: String!) {
      done: createUpload(
        input: {
          workspaceId: $workspaceId
          fileName: "talk.mp4"
          contentType: "video/mp4"
          sizeBytes: 10
          idempotencyKey: $key
        }
      ) {
        upload { id }
        errors { code message path }
      }
    }
  `),
  finalizeUpload: graphql(`
    mutation TryFinalizeUpload($uploadId: ID!) {
      done: finalizeUpload(input: { uploadId: $uploadId }) {
        upload { id }
        run { id }
        errors { code message path }
      }
    }
  `),
  renewUploadTarget: graphql(`
    mutation TryRenewUploadTarget($uploadId: ID!) {
      done: renewUploadTarget(input: { uploadId: $uploadId }) {
        upload { id }
        errors { code message path }
      }
    }
  `),
  startRun: graphql(`
    mutation TryStartRun($uploadId: ID!, $key: String!) {
      done: startRun(input: { uploadId: $uploadId, recipe: { transcript: true }, idempotencyKey: $key }) {
        run { id }
        errors { code message path }
      }
    }
  `),
  cancelRun: graphql(`
    mutation TryCancelRun($runId: ID!) {
      done: cancelRun(input: { runId: $runId }) {
        run { id }
        errors { code message path }
      }
    }
  `),
  retryRun: graphql(`
    mutation TryRetryRun($runId: ID!, $key: String!) {
      done: retryRun(input: { runId: $runId, idempotencyKey: $key }) {
        run { id }
        errors { code message path }
      }
    }
  `),
  dismissStageRun: graphql(`
    mutation TryDismissStageRun($stageRunId: ID!) {
      done: dismissStageRun(input: { stageRunId: $stageRunId }) {
        stageRun { id }
        errors { code message path }
      }
    }
  `),
  createWebhookEndpoint: graphql(`
    mutation TryCreateWebhookEndpoint($workspaceId: ID!, $key: String!) {
      done: createWebhookEndpoint(
        input: {
          workspaceId: $workspaceId
          url: "https://93.184.216.34/hook"
          kinds: [RUN_FINISHED]
          idempotencyKey: $key
        }
      ) {
        endpoint { id }
        secret
        errors { code message path }
      }
    }
  `),
  updateWebhookEndpoint: graphql(`
    mutation TryUpdateWebhookEndpoint($endpointId: ID!) {
      done: updateWebhookEndpoint(input: { endpointId: $endpointId, kinds: [] }) {
        endpoint { id }
        errors { code message path }
      }
    }
  `),
  deleteWebhookEndpoint: graphql(`
    mutation TryDeleteWebhookEndpoint($endpointId: ID!) {
      done: deleteWebhookEndpoint(input: { endpointId: $endpointId }) {
        deletedId
        errors { code message path }
      }
    }
  `),
  replayWebhookDelivery: graphql(`
    mutation TryReplayWebhookDelivery($deliveryId: ID!) {
      done: replayWebhookDelivery(input: { deliveryId: $deliveryId }) {
        delivery { id }
        errors { code message path }
      }
    }
  `),
  deleteUpload: graphql(`
    mutation TryDeleteUpload($uploadId: ID!) {
      done: deleteUpload(input: { uploadId: $uploadId }) {
        deletedId
        errors { code message path }
      }
    }
  `),
  deleteWorkspace: graphql(`
    mutation TryDeleteWorkspace($workspaceId: ID!) {
      done: deleteWorkspace(input: { workspaceId: $workspaceId, confirmSlug: "analytical" }) {
        deletedId
        errors { code message path }
      }
    }
  `),
};

/** What mutations are given; each takes what it needs. */
export interface Given {
  readonly workspaceId: string;
  readonly uploadId: string;
  readonly runId: string;
  readonly stageRunId: string;
  readonly endpointId: string;
  readonly deliveryId: string;
  readonly key: string;
}

type Done = { done?: { errors: { code: string; message: string; path?: string[] | null }[] } | null };

/** Every mutation, asked for its errors: for tests of who may do what. */
export const mutations: Record<keyof typeof documents, TypedDocumentString<Done, Given>> = documents;
