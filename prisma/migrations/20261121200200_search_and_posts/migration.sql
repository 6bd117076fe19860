-- AlterEnum
ALTER TYPE "ActivityKind" ADD VALUE 'CONTENT_EDITED';

-- A trusted extension of PostgreSQL itself: lets the index below begin with the workspace.
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- Letters of scripts that put no spaces between words are words of their own; a word of them is a phrase.
-- AlterTable
ALTER TABLE "transcript_segments" ADD COLUMN "search" tsvector GENERATED ALWAYS AS (
  to_tsvector('simple', regexp_replace("text", '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff])', E'\x1f\\1\x1f', 'g'))
) STORED;

-- CreateIndex
CREATE INDEX "transcript_segments_search_idx" ON "transcript_segments" USING GIN ("workspace_id", "search");
