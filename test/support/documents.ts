import { graphql } from '#generated/client/gql.ts';
import type { TypedDocumentString } from '#generated/client/graphql.ts';
import { accessDocuments } from './access-documents.ts';

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
        upload { id } errors { code message path }
      }
    }
  `),
  finalizeUpload: graphql(`
    mutation TryFinalizeUpload($uploadId: ID!) {
      done: finalizeUpload(input: { uploadId: $uploadId }) {
        upload { id }
        run { id } errors { code message path }
      }
    }
  `),
  renewUploadTarget: graphql(`
    mutation TryRenewUploadTarget($uploadId: ID!) {
      done: renewUploadTarget(input: { uploadId: $uploadId }) {
        upload { id } errors { code message path }
      }
    }
  `),
  startRun: graphql(`
    mutation TryStartRun($uploadId: ID!, $key: String!) {
      done: startRun(input: { uploadId: $uploadId, recipe: { transcript: true }, idempotencyKey: $key }) {
        run { id } errors { code message path }
      }
    }
  `),
  cancelRun: graphql(`
    mutation TryCancelRun($runId: ID!) {
      done: cancelRun(input: { runId: $runId }) {
        run { id } errors { code message path }
      }
    }
  `),
  retryRun: graphql(`
    mutation TryRetryRun($runId: ID!, $key: String!) {
      done: retryRun(input: { runId: $runId, idempotencyKey: $key }) {
        run { id } errors { code message path }
      }
    }
  `),
  dismissStageRun: graphql(`
    mutation TryDismissStageRun($stageRunId: ID!) {
      done: dismissStageRun(input: { stageRunId: $stageRunId }) {
        stageRun { id } errors { code message path }
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
        endpoint { id } errors { code message path }
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
        delivery { id } errors { code message path }
      }
    }
  `),
  editTranscript: graphql(`
    mutation TryEditTranscript($transcriptId: ID!, $segmentId: ID!) {
      done: editTranscript(
        input: {
          transcriptId: $transcriptId
          baseRevision: 1
          operations: [{ replaceText: { segmentId: $segmentId, text: "Hello again." } }]
        }
      ) {
        transcript { id }
        edit { id }
        changedSegments { id } errors { code message path }
      }
    }
  `),
  undoTranscriptEdit: graphql(`
    mutation TryUndoTranscriptEdit($transcriptId: ID!) {
      done: undoTranscriptEdit(input: { transcriptId: $transcriptId, baseRevision: 1 }) {
        transcript { id } errors { code message path }
      }
    }
  `),
  redoTranscriptEdit: graphql(`
    mutation TryRedoTranscriptEdit($transcriptId: ID!) {
      done: redoTranscriptEdit(input: { transcriptId: $transcriptId, baseRevision: 1 }) {
        transcript { id } errors { code message path }
      }
    }
  `),
  updateHighlight: graphql(`
    mutation TryUpdateHighlight($highlightId: ID!) {
      done: updateHighlight(input: { highlightId: $highlightId, baseRevision: 1, decision: ACCEPTED }) {
        highlight { id } errors { code message path }
      }
    }
  `),
  createClip: graphql(`
    mutation TryCreateClip($uploadId: ID!, $key: String!) {
      done: createClip(
        input: { source: { free: { uploadId: $uploadId, range: { startMs: 0, endMs: 5000 } } }, idempotencyKey: $key }
      ) {
        clip { id } errors { code message path }
      }
    }
  `),
  updateClip: graphql(`
    mutation TryUpdateClip($clipId: ID!) {
      done: updateClip(input: { clipId: $clipId, baseRevision: 1, title: "Another" }) {
        clip { id } errors { code message path }
      }
    }
  `),
  setCropPlan: graphql(`
    mutation TrySetCropPlan($clipId: ID!) {
      done: setCropPlan(input: { clipId: $clipId, baseRevision: 1, shape: SQUARE, plan: { centre: {} } }) {
        clip { id } errors { code message path }
      }
    }
  `),
  renderClip: graphql(`
    mutation TryRenderClip($clipId: ID!, $key: String!) {
      done: renderClip(input: { clipId: $clipId, presets: [SQUARE_1080P], idempotencyKey: $key }) {
        clip { id }
        run { id } errors { code message path }
      }
    }
  `),
  generateContent: graphql(`
    mutation TryGenerateContent($uploadId: ID!, $key: String!) {
      done: generateContent(input: { uploadId: $uploadId, recipe: { kind: BLOG }, idempotencyKey: $key }) {
        content { id } run { id } errors { code message path }
      }
    }
  `),
  editContent: graphql(`
    mutation TryEditContent($contentId: ID!) {
      done: editContent(input: { contentId: $contentId, baseVersion: 1, body: { linkedin: { text: "Hello again." } } }) {
        content { id } version { id } errors { code message path }
      }
    }
  `),
  restoreContent: graphql(`
    mutation TryRestoreContent($contentId: ID!, $versionId: ID!) {
      done: restoreContent(input: { contentId: $contentId, versionId: $versionId }) {
        content { id } version { id } errors { code message path }
      }
    }
  `),
  ...accessDocuments,
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
  readonly transcriptId: string;
  readonly segmentId: string;
  readonly clipId: string;
  readonly highlightId: string;
  readonly contentId: string;
  readonly versionId: string;
  readonly endpointId: string;
  readonly deliveryId: string;
  readonly membershipId: string;
  readonly keyId: string;
  readonly key: string;
}

/** Ids of nothing, for a mutation that takes one of them only. */
export const nothingGiven: Given = {
  workspaceId: '',
  uploadId: '',
  runId: '',
  stageRunId: '',
  transcriptId: '',
  segmentId: '',
  clipId: '',
  highlightId: '',
  contentId: '',
  versionId: '',
  endpointId: '',
  deliveryId: '',
  membershipId: '',
  keyId: '',
  key: '',
};

type Done = { done?: { errors: { code: string; message: string; path?: string[] | null }[] } | null };

/** Every mutation, asked for its errors: for tests of who may do what. */
export const mutations: Record<keyof typeof documents, TypedDocumentString<Done, Given>> = documents;
