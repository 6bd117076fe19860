-- CreateEnum
CREATE TYPE "RetentionClass" AS ENUM ('SOURCE', 'INTERMEDIATE', 'FINAL');

-- CreateEnum
CREATE TYPE "UsageUnit" AS ENUM ('UPLOADS', 'AUDIO_MS', 'RENDERED_MS', 'ENCODE_CPU_MS', 'INPUT_TOKENS', 'OUTPUT_TOKENS', 'CHARACTERS', 'STORED_BYTES');

-- CreateEnum
CREATE TYPE "UsageKind" AS ENUM ('UPLOADS', 'MEDIA_MINUTES', 'RENDERED_MINUTES', 'STORED_BYTES', 'MODEL_TOKENS');

-- CreateEnum
CREATE TYPE "ActivityKind" AS ENUM ('UPLOAD_CREATED', 'UPLOAD_READY', 'UPLOAD_REJECTED', 'UPLOAD_DELETED', 'RUN_STARTED', 'RUN_FINISHED', 'USAGE_WARNING');

-- CreateEnum
CREATE TYPE "DeliveryStatus" AS ENUM ('PENDING', 'DELIVERED', 'FAILED');

-- CreateEnum
CREATE TYPE "ErasedKind" AS ENUM ('UPLOAD', 'WORKSPACE', 'PERSON');

-- AlterTable
ALTER TABLE "artifacts" ADD COLUMN     "removed_at" TIMESTAMPTZ(3),
ADD COLUMN     "retention" "RetentionClass" NOT NULL DEFAULT 'FINAL';

-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "retry_of_id" UUID;

-- AlterTable
ALTER TABLE "stage_runs" ADD COLUMN     "error_facts" JSONB,
ADD COLUMN     "log_excerpt" TEXT,
ADD COLUMN     "settled_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "workspaces" ADD COLUMN     "plan" TEXT NOT NULL DEFAULT 'unlimited';

-- CreateTable
CREATE TABLE "workers" (
    "id" TEXT NOT NULL,
    "queue_ids" TEXT[],
    "facts" JSONB NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_calls" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "upload_id" UUID NOT NULL,
    "stage_run_id" UUID,
    "call_key" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "answer" JSONB NOT NULL,
    "answer_bytes" INTEGER NOT NULL,
    "consumed" JSONB NOT NULL,
    "cost_micros" BIGINT NOT NULL,
    "latency_ms" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "model_calls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_entries" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "unit" "UsageUnit" NOT NULL,
    "quantity" BIGINT NOT NULL,
    "price_micros_per_million" BIGINT NOT NULL,
    "priced_on" DATE NOT NULL,
    "cost_micros" BIGINT NOT NULL,
    "upload_id" UUID,
    "run_id" UUID,
    "stage_run_id" UUID,
    "artifact_id" UUID,
    "model_call_id" UUID,
    "output_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "usage_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_reservations" (
    "run_id" UUID NOT NULL,
    "stage" TEXT NOT NULL,
    "kind" "UsageKind" NOT NULL,
    "workspace_id" UUID NOT NULL,
    "quantity" BIGINT NOT NULL,

    CONSTRAINT "usage_reservations_pkey" PRIMARY KEY ("run_id","stage","kind")
);

-- CreateTable
CREATE TABLE "workspace_activities" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "transaction_id" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
    "kind" "ActivityKind" NOT NULL,
    "actor_id" UUID,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspace_activities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_endpoints" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "kinds" "ActivityKind"[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "activity_id" UUID,
    "kind" "ActivityKind" NOT NULL,
    "body" TEXT NOT NULL,
    "status" "DeliveryStatus" NOT NULL DEFAULT 'PENDING',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_attempts" (
    "delivery_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "duration_ms" INTEGER NOT NULL,
    "response_status" INTEGER,
    "error" TEXT,

    CONSTRAINT "webhook_attempts_pkey" PRIMARY KEY ("delivery_id","number")
);

-- CreateTable
CREATE TABLE "erasure_receipts" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID,
    "kind" "ErasedKind" NOT NULL,
    "subject_id" UUID NOT NULL,
    "prefix" TEXT NOT NULL,
    "rows" INTEGER NOT NULL,
    "objects" INTEGER NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "erasure_receipts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "data_exports" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "user_id" UUID NOT NULL,
    "storage_key" TEXT,
    "size_bytes" BIGINT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ready_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "data_exports_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "workers_heartbeat_at_idx" ON "workers"("heartbeat_at");

-- CreateIndex
CREATE INDEX "model_calls_expires_at_idx" ON "model_calls"("expires_at");

-- CreateIndex
CREATE INDEX "model_calls_workspace_id_created_at_idx" ON "model_calls"("workspace_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "model_calls_workspace_id_call_key_key" ON "model_calls"("workspace_id", "call_key");

-- CreateIndex
CREATE INDEX "usage_entries_workspace_id_created_at_idx" ON "usage_entries"("workspace_id", "created_at");

-- CreateIndex
CREATE INDEX "usage_entries_upload_id_idx" ON "usage_entries"("upload_id");

-- CreateIndex
CREATE INDEX "usage_entries_run_id_idx" ON "usage_entries"("run_id");

-- CreateIndex
CREATE INDEX "usage_entries_stage_run_id_idx" ON "usage_entries"("stage_run_id");

-- CreateIndex
CREATE INDEX "usage_entries_artifact_id_idx" ON "usage_entries"("artifact_id");

-- CreateIndex
CREATE INDEX "usage_entries_model_call_id_idx" ON "usage_entries"("model_call_id");

-- CreateIndex
CREATE INDEX "usage_entries_output_id_idx" ON "usage_entries"("output_id");

-- CreateIndex
CREATE UNIQUE INDEX "usage_entries_workspace_id_dedupe_key_key" ON "usage_entries"("workspace_id", "dedupe_key");

-- CreateIndex
CREATE INDEX "usage_reservations_workspace_id_kind_idx" ON "usage_reservations"("workspace_id", "kind");

-- CreateIndex
CREATE INDEX "workspace_activities_workspace_id_transaction_id_id_idx" ON "workspace_activities"("workspace_id", "transaction_id", "id");

-- CreateIndex
CREATE INDEX "workspace_activities_occurred_at_idx" ON "workspace_activities"("occurred_at");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_endpoints_workspace_id_id_key" ON "webhook_endpoints"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_endpoint_id_created_at_id_idx" ON "webhook_deliveries"("endpoint_id", "created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_activity_id_idx" ON "webhook_deliveries"("activity_id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_created_at_idx" ON "webhook_deliveries"("created_at");

-- CreateIndex
CREATE INDEX "erasure_receipts_workspace_id_requested_at_id_idx" ON "erasure_receipts"("workspace_id", "requested_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "data_exports_storage_key_key" ON "data_exports"("storage_key");

-- CreateIndex
CREATE INDEX "data_exports_user_id_requested_at_idx" ON "data_exports"("user_id", "requested_at" DESC);

-- CreateIndex
CREATE INDEX "artifacts_retention_created_at_idx" ON "artifacts"("retention", "created_at");

-- CreateIndex
CREATE INDEX "runs_finished_at_idx" ON "runs"("finished_at");

-- CreateIndex
CREATE INDEX "stage_runs_status_heartbeat_at_idx" ON "stage_runs"("status", "heartbeat_at");
CREATE INDEX "stage_runs_failed_idx" ON "stage_runs"("workspace_id", "finished_at" DESC, "id" DESC) WHERE status = 'FAILED' and settled_at is null;

-- CreateIndex
CREATE INDEX "runs_retry_of_id_idx" ON "runs"("retry_of_id");

-- CreateIndex
CREATE INDEX "transcript_segments_speaker_id_idx" ON "transcript_segments"("speaker_id");

-- CreateIndex
CREATE INDEX "caption_files_artifact_id_idx" ON "caption_files"("artifact_id");

-- CreateIndex
CREATE INDEX "highlights_run_id_idx" ON "highlights"("run_id");

-- CreateIndex
CREATE INDEX "clips_highlight_id_idx" ON "clips"("highlight_id");

-- CreateIndex
CREATE INDEX "clips_poster_artifact_id_idx" ON "clips"("poster_artifact_id");

-- CreateIndex
CREATE INDEX "renditions_stage_run_id_idx" ON "renditions"("stage_run_id");

-- CreateIndex
CREATE INDEX "renditions_artifact_id_idx" ON "renditions"("artifact_id");

-- CreateIndex
CREATE INDEX "contents_stage_run_id_idx" ON "contents"("stage_run_id");

-- CreateIndex
CREATE INDEX "model_calls_upload_id_idx" ON "model_calls"("upload_id");

-- CreateIndex
CREATE INDEX "model_calls_stage_run_id_idx" ON "model_calls"("stage_run_id");

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_retry_of_id_fkey" FOREIGN KEY ("retry_of_id") REFERENCES "runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_calls" ADD CONSTRAINT "model_calls_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_calls" ADD CONSTRAINT "model_calls_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id") REFERENCES "uploads"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_calls" ADD CONSTRAINT "model_calls_stage_run_id_fkey" FOREIGN KEY ("stage_run_id") REFERENCES "stage_runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_entries" ADD CONSTRAINT "usage_entries_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_entries" ADD CONSTRAINT "usage_entries_upload_id_fkey" FOREIGN KEY ("upload_id") REFERENCES "uploads"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_entries" ADD CONSTRAINT "usage_entries_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_entries" ADD CONSTRAINT "usage_entries_stage_run_id_fkey" FOREIGN KEY ("stage_run_id") REFERENCES "stage_runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_entries" ADD CONSTRAINT "usage_entries_artifact_id_fkey" FOREIGN KEY ("artifact_id") REFERENCES "artifacts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_entries" ADD CONSTRAINT "usage_entries_model_call_id_fkey" FOREIGN KEY ("model_call_id") REFERENCES "model_calls"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_reservations" ADD CONSTRAINT "usage_reservations_workspace_id_run_id_fkey" FOREIGN KEY ("workspace_id", "run_id") REFERENCES "runs"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workspace_activities" ADD CONSTRAINT "workspace_activities_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_workspace_id_endpoint_id_fkey" FOREIGN KEY ("workspace_id", "endpoint_id") REFERENCES "webhook_endpoints"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_activity_id_fkey" FOREIGN KEY ("activity_id") REFERENCES "workspace_activities"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_attempts" ADD CONSTRAINT "webhook_attempts_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "webhook_deliveries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "erasure_receipts" ADD CONSTRAINT "erasure_receipts_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_exports" ADD CONSTRAINT "data_exports_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
