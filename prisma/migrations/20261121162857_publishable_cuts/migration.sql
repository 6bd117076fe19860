-- CreateEnum
CREATE TYPE "SafeArea" AS ENUM ('EVERYWHERE', 'TIKTOK', 'INSTAGRAM', 'YOUTUBE', 'NONE');

-- CreateEnum
CREATE TYPE "Shape" AS ENUM ('LANDSCAPE', 'SQUARE', 'PORTRAIT');

-- CreateEnum
CREATE TYPE "LayoutKind" AS ENUM ('CAMERA', 'SLIDES', 'FULL_CAMERA', 'STILL');

-- CreateEnum
CREATE TYPE "PlanOrigin" AS ENUM ('AUTOMATIC', 'CHOSEN');

-- CreateEnum
CREATE TYPE "BoundReason" AS ENUM ('SENTENCE', 'WORD', 'RAW', 'CHOSEN');

-- CreateEnum
CREATE TYPE "MomentRejection" AS ENUM ('OVERLAPS', 'TOO_SIMILAR', 'TOPIC_FULL', 'OUTSCORED', 'DISMISSED');

-- AlterEnum
ALTER TYPE "ActivityKind" ADD VALUE 'TRANSCRIPT_EDITED';

-- AlterEnum
ALTER TYPE "CaptionStyle" ADD VALUE 'BURNED_BOXED';

-- DropIndex
DROP INDEX "renditions_clip_id_preset_caption_style_key";

-- AlterTable
ALTER TABLE "caption_files" ADD COLUMN     "report" JSONB;

-- AlterTable
ALTER TABLE "clips" ADD COLUMN     "chapters" JSONB,
ADD COLUMN     "remove_fillers" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "remove_silences" BOOLEAN NOT NULL DEFAULT true;

-- AlterTable
ALTER TABLE "highlights" ADD COLUMN     "end_reason" "BoundReason" NOT NULL DEFAULT 'RAW',
ADD COLUMN     "start_reason" "BoundReason" NOT NULL DEFAULT 'RAW';

-- AlterTable
ALTER TABLE "renditions" ADD COLUMN     "quality" JSONB,
ADD COLUMN     "revision" INTEGER,
ADD COLUMN     "safe_area" "SafeArea" NOT NULL DEFAULT 'EVERYWHERE';

-- AlterTable
ALTER TABLE "transcripts" ADD COLUMN     "invented_words" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "recording_analyses" (
    "upload_id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "keyframes_ms" INTEGER[],
    "scenes_ms" INTEGER[],
    "poster_candidates" JSONB NOT NULL,
    "storyboard" JSONB,
    "storyboard_artifact_id" UUID,
    "waveform_artifact_id" UUID,

    CONSTRAINT "recording_analyses_pkey" PRIMARY KEY ("upload_id")
);

-- CreateTable
CREATE TABLE "layout_regions" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "upload_id" UUID NOT NULL,
    "kind" "LayoutKind" NOT NULL,
    "start_ms" INTEGER NOT NULL,
    "end_ms" INTEGER NOT NULL,
    "x" INTEGER NOT NULL,
    "y" INTEGER NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "focus_from_x" INTEGER,
    "focus_to_x" INTEGER,

    CONSTRAINT "layout_regions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "chapters" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "upload_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "start_ms" INTEGER NOT NULL,
    "end_ms" INTEGER NOT NULL,
    "title" TEXT NOT NULL,

    CONSTRAINT "chapters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "transcript_edits" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "transcript_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "summary" TEXT NOT NULL,
    "operations" JSONB NOT NULL,
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,
    "undoes_id" UUID,
    "author_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "transcript_edits_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "moments" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "workspace_id" UUID NOT NULL,
    "upload_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "rank" INTEGER NOT NULL,
    "start_ms" INTEGER NOT NULL,
    "end_ms" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "signals" JSONB NOT NULL,
    "rejection" "MomentRejection",

    CONSTRAINT "moments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "crop_plans" (
    "clip_id" UUID NOT NULL,
    "shape" "Shape" NOT NULL,
    "workspace_id" UUID NOT NULL,
    "origin" "PlanOrigin" NOT NULL,
    "plan" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "crop_plans_pkey" PRIMARY KEY ("clip_id","shape")
);

-- CreateIndex
CREATE INDEX "recording_analyses_storyboard_artifact_id_idx" ON "recording_analyses"("storyboard_artifact_id");

-- CreateIndex
CREATE INDEX "recording_analyses_waveform_artifact_id_idx" ON "recording_analyses"("waveform_artifact_id");

-- CreateIndex
CREATE UNIQUE INDEX "recording_analyses_workspace_id_upload_id_key" ON "recording_analyses"("workspace_id", "upload_id");

-- CreateIndex
CREATE INDEX "layout_regions_workspace_id_upload_id_idx" ON "layout_regions"("workspace_id", "upload_id");

-- CreateIndex
CREATE INDEX "chapters_workspace_id_upload_id_idx" ON "chapters"("workspace_id", "upload_id");

-- CreateIndex
CREATE UNIQUE INDEX "chapters_upload_id_position_key" ON "chapters"("upload_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "transcript_edits_undoes_id_key" ON "transcript_edits"("undoes_id");

-- CreateIndex
CREATE INDEX "transcript_edits_workspace_id_transcript_id_idx" ON "transcript_edits"("workspace_id", "transcript_id");

-- CreateIndex
CREATE INDEX "transcript_edits_author_id_idx" ON "transcript_edits"("author_id");

-- CreateIndex
CREATE UNIQUE INDEX "transcript_edits_transcript_id_revision_key" ON "transcript_edits"("transcript_id", "revision");

-- CreateIndex
CREATE INDEX "moments_workspace_id_upload_id_idx" ON "moments"("workspace_id", "upload_id");

-- CreateIndex
CREATE UNIQUE INDEX "moments_run_id_rank_key" ON "moments"("run_id", "rank");

-- CreateIndex
CREATE INDEX "crop_plans_workspace_id_clip_id_idx" ON "crop_plans"("workspace_id", "clip_id");

-- CreateIndex
CREATE UNIQUE INDEX "renditions_clip_id_preset_caption_style_safe_area_key" ON "renditions"("clip_id", "preset", "caption_style", "safe_area");

-- AddForeignKey
ALTER TABLE "recording_analyses" ADD CONSTRAINT "recording_analyses_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id") REFERENCES "uploads"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recording_analyses" ADD CONSTRAINT "recording_analyses_storyboard_artifact_id_fkey" FOREIGN KEY ("storyboard_artifact_id") REFERENCES "artifacts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recording_analyses" ADD CONSTRAINT "recording_analyses_waveform_artifact_id_fkey" FOREIGN KEY ("waveform_artifact_id") REFERENCES "artifacts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "layout_regions" ADD CONSTRAINT "layout_regions_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id") REFERENCES "uploads"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "chapters" ADD CONSTRAINT "chapters_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id") REFERENCES "uploads"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transcript_edits" ADD CONSTRAINT "transcript_edits_workspace_id_transcript_id_fkey" FOREIGN KEY ("workspace_id", "transcript_id") REFERENCES "transcripts"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transcript_edits" ADD CONSTRAINT "transcript_edits_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transcript_edits" ADD CONSTRAINT "transcript_edits_undoes_id_fkey" FOREIGN KEY ("undoes_id") REFERENCES "transcript_edits"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "moments" ADD CONSTRAINT "moments_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id") REFERENCES "uploads"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "moments" ADD CONSTRAINT "moments_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "crop_plans" ADD CONSTRAINT "crop_plans_workspace_id_clip_id_fkey" FOREIGN KEY ("workspace_id", "clip_id") REFERENCES "clips"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
