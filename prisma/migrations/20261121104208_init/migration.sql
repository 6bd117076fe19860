-- CreateEnum
CREATE TYPE "WorkspaceRole" AS ENUM ('OWNER', 'ADMIN', 'EDITOR', 'VIEWER');

-- CreateEnum
CREATE TYPE "UploadStatus" AS ENUM ('AWAITING_BYTES', 'VERIFYING', 'READY', 'REJECTED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "UploadProtocol" AS ENUM ('PUT', 'TUS');

-- CreateEnum
CREATE TYPE "RunStatus" AS ENUM ('QUEUED', 'RUNNING', 'WAITING', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELED');

-- CreateEnum
CREATE TYPE "WorkStatus" AS ENUM ('QUEUED', 'RUNNING', 'WAITING', 'SUCCEEDED', 'FAILED', 'CANCELED', 'SKIPPED');

-- CreateEnum
CREATE TYPE "CaptionFormat" AS ENUM ('VTT', 'SRT', 'ASS');

-- CreateEnum
CREATE TYPE "WordTiming" AS ENUM ('MEASURED', 'ESTIMATED');

-- CreateEnum
CREATE TYPE "HighlightDecision" AS ENUM ('PROPOSED', 'ACCEPTED', 'DISMISSED');

-- CreateEnum
CREATE TYPE "ClipOrigin" AS ENUM ('HIGHLIGHT', 'FREE', 'REEL');

-- CreateEnum
CREATE TYPE "RenditionPreset" AS ENUM ('LANDSCAPE_1080P', 'LANDSCAPE_720P', 'PORTRAIT_1080P', 'SQUARE_1080P', 'AUDIO_ONLY');

-- CreateEnum
CREATE TYPE "CaptionStyle" AS ENUM ('NONE', 'SIDECAR', 'BURNED_PLAIN', 'BURNED_KARAOKE');

-- CreateEnum
CREATE TYPE "ContentKind" AS ENUM ('BLOG', 'LINKEDIN', 'TWITTER', 'INSTAGRAM');

-- CreateEnum
CREATE TYPE "ContentOrigin" AS ENUM ('GENERATED', 'EDITED', 'RESTORED');

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "external_id" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "avatar_url" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workspaces" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "external_id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspaces_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workspace_memberships" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "WorkspaceRole" NOT NULL,
    "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspace_memberships_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "uploads" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "announced_bytes" BIGINT NOT NULL,
    "announced_sha256" TEXT,
    "protocol" "UploadProtocol" NOT NULL,
    "storage_key" TEXT NOT NULL,
    "status" "UploadStatus" NOT NULL DEFAULT 'AWAITING_BYTES',
    "duration_ms" INTEGER,
    "source_artifact_id" UUID,
    "failure" JSONB,
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "uploads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "caption_sidecars" (
    "upload_id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "format" "CaptionFormat" NOT NULL,
    "language" TEXT,
    "text" TEXT NOT NULL,

    CONSTRAINT "caption_sidecars_pkey" PRIMARY KEY ("upload_id")
);

-- CreateTable
CREATE TABLE "artifacts" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "upload_id" UUID NOT NULL,
    "artifact_key" TEXT NOT NULL,
    "bucket" TEXT NOT NULL,
    "storage_key" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "media" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "silence_regions" (
    "upload_id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "start_ms" INTEGER NOT NULL,
    "end_ms" INTEGER NOT NULL,
    "mean_db" DOUBLE PRECISION,

    CONSTRAINT "silence_regions_pkey" PRIMARY KEY ("upload_id","start_ms")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "upload_id" UUID NOT NULL,
    "recipe" JSONB NOT NULL,
    "status" "RunStatus" NOT NULL DEFAULT 'QUEUED',
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "failure" JSONB,
    "correlation_id" TEXT NOT NULL,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stage_runs" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "stage" TEXT NOT NULL,
    "subject" TEXT NOT NULL DEFAULT '',
    "status" "WorkStatus" NOT NULL DEFAULT 'QUEUED',
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "max_attempts" INTEGER NOT NULL,
    "next_attempt_at" TIMESTAMPTZ(3),
    "worker_id" TEXT,
    "attempt_token" UUID,
    "heartbeat_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "failure" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stage_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_events" (
    "run_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "workspace_id" UUID NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_events_pkey" PRIMARY KEY ("run_id","sequence")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "workspace_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "answer_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("workspace_id","key")
);

-- CreateTable
CREATE TABLE "transcripts" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "upload_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "is_translation" BOOLEAN NOT NULL DEFAULT false,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "word_count" INTEGER NOT NULL,
    "word_timing" "WordTiming" NOT NULL,
    "provider" TEXT NOT NULL,
    "artifact_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "transcripts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "transcript_segments" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "transcript_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "start_ms" INTEGER NOT NULL,
    "end_ms" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "confidence" DOUBLE PRECISION,
    "edited" BOOLEAN NOT NULL DEFAULT false,
    "speaker_id" UUID,
    "words" JSONB NOT NULL,

    CONSTRAINT "transcript_segments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "speakers" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "transcript_id" UUID NOT NULL,
    "label" TEXT NOT NULL,
    "display_name" TEXT,

    CONSTRAINT "speakers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "caption_files" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "transcript_id" UUID,
    "clip_id" UUID,
    "language" TEXT NOT NULL,
    "format" "CaptionFormat" NOT NULL,
    "artifact_id" UUID NOT NULL,

    CONSTRAINT "caption_files_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "highlights" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "upload_id" UUID NOT NULL,
    "run_id" UUID,
    "start_ms" INTEGER NOT NULL,
    "end_ms" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "importance" DOUBLE PRECISION NOT NULL,
    "topics" TEXT[],
    "quote" TEXT NOT NULL,
    "decision" "HighlightDecision" NOT NULL DEFAULT 'PROPOSED',
    "revision" INTEGER NOT NULL DEFAULT 1,
    "signals" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "highlights_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "clips" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "upload_id" UUID NOT NULL,
    "highlight_id" UUID,
    "origin" "ClipOrigin" NOT NULL,
    "title" TEXT NOT NULL,
    "start_ms" INTEGER NOT NULL,
    "end_ms" INTEGER NOT NULL,
    "cuts" JSONB NOT NULL,
    "cuts_hash" TEXT NOT NULL,
    "poster_artifact_id" UUID,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "clips_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "renditions" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "clip_id" UUID NOT NULL,
    "preset" "RenditionPreset" NOT NULL,
    "caption_style" "CaptionStyle" NOT NULL,
    "stage_run_id" UUID,
    "artifact_id" UUID,

    CONSTRAINT "renditions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contents" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "upload_id" UUID NOT NULL,
    "kind" "ContentKind" NOT NULL,
    "language" TEXT NOT NULL,
    "stage_run_id" UUID,
    "current_version_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "content_versions" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "content_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "origin" "ContentOrigin" NOT NULL,
    "provider" TEXT,
    "body" JSONB NOT NULL,
    "sentences" JSONB NOT NULL,
    "artifact_key" TEXT,
    "author_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "content_versions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_external_id_key" ON "users"("external_id");

-- CreateIndex
CREATE UNIQUE INDEX "workspaces_external_id_key" ON "workspaces"("external_id");

-- CreateIndex
CREATE UNIQUE INDEX "workspaces_slug_key" ON "workspaces"("slug");

-- CreateIndex
CREATE INDEX "workspace_memberships_user_id_workspace_id_idx" ON "workspace_memberships"("user_id", "workspace_id");

-- CreateIndex
CREATE UNIQUE INDEX "workspace_memberships_workspace_id_user_id_key" ON "workspace_memberships"("workspace_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "uploads_storage_key_key" ON "uploads"("storage_key");

-- CreateIndex
CREATE UNIQUE INDEX "uploads_source_artifact_id_key" ON "uploads"("source_artifact_id");

-- CreateIndex
CREATE INDEX "uploads_workspace_id_created_at_id_idx" ON "uploads"("workspace_id", "created_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "uploads_workspace_id_id_key" ON "uploads"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "caption_sidecars_workspace_id_upload_id_key" ON "caption_sidecars"("workspace_id", "upload_id");

-- CreateIndex
CREATE INDEX "artifacts_workspace_id_upload_id_idx" ON "artifacts"("workspace_id", "upload_id");

-- CreateIndex
CREATE UNIQUE INDEX "artifacts_workspace_id_artifact_key_key" ON "artifacts"("workspace_id", "artifact_key");

-- CreateIndex
CREATE UNIQUE INDEX "artifacts_bucket_storage_key_key" ON "artifacts"("bucket", "storage_key");

-- CreateIndex
CREATE INDEX "silence_regions_workspace_id_upload_id_idx" ON "silence_regions"("workspace_id", "upload_id");

-- CreateIndex
CREATE INDEX "runs_workspace_id_created_at_id_idx" ON "runs"("workspace_id", "created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "runs_upload_id_created_at_id_idx" ON "runs"("upload_id", "created_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "runs_workspace_id_id_key" ON "runs"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "stage_runs_workspace_id_run_id_idx" ON "stage_runs"("workspace_id", "run_id");

-- CreateIndex
CREATE UNIQUE INDEX "stage_runs_run_id_stage_subject_key" ON "stage_runs"("run_id", "stage", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "run_events_run_id_dedupe_key_key" ON "run_events"("run_id", "dedupe_key");

-- CreateIndex
CREATE INDEX "transcripts_workspace_id_upload_id_idx" ON "transcripts"("workspace_id", "upload_id");

-- CreateIndex
CREATE UNIQUE INDEX "transcripts_workspace_id_id_key" ON "transcripts"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "transcripts_upload_id_language_key" ON "transcripts"("upload_id", "language");

-- CreateIndex
CREATE INDEX "transcript_segments_transcript_id_start_ms_idx" ON "transcript_segments"("transcript_id", "start_ms");

-- CreateIndex
CREATE INDEX "transcript_segments_workspace_id_transcript_id_idx" ON "transcript_segments"("workspace_id", "transcript_id");

-- CreateIndex
CREATE UNIQUE INDEX "transcript_segments_transcript_id_position_key" ON "transcript_segments"("transcript_id", "position");

-- CreateIndex
CREATE INDEX "speakers_workspace_id_transcript_id_idx" ON "speakers"("workspace_id", "transcript_id");

-- CreateIndex
CREATE UNIQUE INDEX "speakers_transcript_id_label_key" ON "speakers"("transcript_id", "label");

-- CreateIndex
CREATE UNIQUE INDEX "caption_files_transcript_id_language_format_key" ON "caption_files"("transcript_id", "language", "format");

-- CreateIndex
CREATE UNIQUE INDEX "caption_files_clip_id_language_format_key" ON "caption_files"("clip_id", "language", "format");

-- CreateIndex
CREATE INDEX "highlights_upload_id_importance_id_idx" ON "highlights"("upload_id", "importance" DESC, "id");

-- CreateIndex
CREATE INDEX "highlights_workspace_id_upload_id_idx" ON "highlights"("workspace_id", "upload_id");

-- CreateIndex
CREATE UNIQUE INDEX "highlights_workspace_id_id_key" ON "highlights"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "highlights_upload_id_start_ms_end_ms_key" ON "highlights"("upload_id", "start_ms", "end_ms");

-- CreateIndex
CREATE INDEX "clips_upload_id_created_at_id_idx" ON "clips"("upload_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "clips_workspace_id_upload_id_idx" ON "clips"("workspace_id", "upload_id");

-- CreateIndex
CREATE UNIQUE INDEX "clips_workspace_id_id_key" ON "clips"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "clips_upload_id_origin_cuts_hash_key" ON "clips"("upload_id", "origin", "cuts_hash");

-- CreateIndex
CREATE INDEX "renditions_workspace_id_clip_id_idx" ON "renditions"("workspace_id", "clip_id");

-- CreateIndex
CREATE UNIQUE INDEX "renditions_clip_id_preset_caption_style_key" ON "renditions"("clip_id", "preset", "caption_style");

-- CreateIndex
CREATE UNIQUE INDEX "contents_current_version_id_key" ON "contents"("current_version_id");

-- CreateIndex
CREATE INDEX "contents_upload_id_created_at_id_idx" ON "contents"("upload_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "contents_workspace_id_upload_id_idx" ON "contents"("workspace_id", "upload_id");

-- CreateIndex
CREATE UNIQUE INDEX "contents_workspace_id_id_key" ON "contents"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "contents_upload_id_kind_language_key" ON "contents"("upload_id", "kind", "language");

-- CreateIndex
CREATE INDEX "content_versions_workspace_id_content_id_idx" ON "content_versions"("workspace_id", "content_id");

-- CreateIndex
CREATE UNIQUE INDEX "content_versions_content_id_number_key" ON "content_versions"("content_id", "number");

-- AddForeignKey
ALTER TABLE "workspace_memberships" ADD CONSTRAINT "workspace_memberships_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workspace_memberships" ADD CONSTRAINT "workspace_memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_source_artifact_id_fkey" FOREIGN KEY ("source_artifact_id") REFERENCES "artifacts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "caption_sidecars" ADD CONSTRAINT "caption_sidecars_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id") REFERENCES "uploads"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id") REFERENCES "uploads"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "silence_regions" ADD CONSTRAINT "silence_regions_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id") REFERENCES "uploads"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id") REFERENCES "uploads"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stage_runs" ADD CONSTRAINT "stage_runs_workspace_id_run_id_fkey" FOREIGN KEY ("workspace_id", "run_id") REFERENCES "runs"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_events" ADD CONSTRAINT "run_events_workspace_id_run_id_fkey" FOREIGN KEY ("workspace_id", "run_id") REFERENCES "runs"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transcripts" ADD CONSTRAINT "transcripts_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id") REFERENCES "uploads"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transcript_segments" ADD CONSTRAINT "transcript_segments_workspace_id_transcript_id_fkey" FOREIGN KEY ("workspace_id", "transcript_id") REFERENCES "transcripts"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transcript_segments" ADD CONSTRAINT "transcript_segments_speaker_id_fkey" FOREIGN KEY ("speaker_id") REFERENCES "speakers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "speakers" ADD CONSTRAINT "speakers_workspace_id_transcript_id_fkey" FOREIGN KEY ("workspace_id", "transcript_id") REFERENCES "transcripts"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "caption_files" ADD CONSTRAINT "caption_files_workspace_id_transcript_id_fkey" FOREIGN KEY ("workspace_id", "transcript_id") REFERENCES "transcripts"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "caption_files" ADD CONSTRAINT "caption_files_workspace_id_clip_id_fkey" FOREIGN KEY ("workspace_id", "clip_id") REFERENCES "clips"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "caption_files" ADD CONSTRAINT "caption_files_artifact_id_fkey" FOREIGN KEY ("artifact_id") REFERENCES "artifacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "highlights" ADD CONSTRAINT "highlights_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id") REFERENCES "uploads"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "highlights" ADD CONSTRAINT "highlights_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clips" ADD CONSTRAINT "clips_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id") REFERENCES "uploads"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clips" ADD CONSTRAINT "clips_highlight_id_fkey" FOREIGN KEY ("highlight_id") REFERENCES "highlights"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clips" ADD CONSTRAINT "clips_poster_artifact_id_fkey" FOREIGN KEY ("poster_artifact_id") REFERENCES "artifacts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "renditions" ADD CONSTRAINT "renditions_workspace_id_clip_id_fkey" FOREIGN KEY ("workspace_id", "clip_id") REFERENCES "clips"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "renditions" ADD CONSTRAINT "renditions_stage_run_id_fkey" FOREIGN KEY ("stage_run_id") REFERENCES "stage_runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "renditions" ADD CONSTRAINT "renditions_artifact_id_fkey" FOREIGN KEY ("artifact_id") REFERENCES "artifacts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contents" ADD CONSTRAINT "contents_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id") REFERENCES "uploads"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contents" ADD CONSTRAINT "contents_stage_run_id_fkey" FOREIGN KEY ("stage_run_id") REFERENCES "stage_runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contents" ADD CONSTRAINT "contents_current_version_id_fkey" FOREIGN KEY ("current_version_id") REFERENCES "content_versions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "content_versions" ADD CONSTRAINT "content_versions_workspace_id_content_id_fkey" FOREIGN KEY ("workspace_id", "content_id") REFERENCES "contents"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "content_versions" ADD CONSTRAINT "content_versions_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
