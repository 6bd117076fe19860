-- Lists are read in pages behind a row, by comparing (column, id) with that row's. Both columns of an index go the same
-- way, so that it serves the comparison, and the list from either end.
DROP INDEX "uploads_workspace_id_created_at_id_idx";
CREATE INDEX "uploads_workspace_id_created_at_id_idx" ON "uploads"("workspace_id", "created_at", "id");
CREATE INDEX "uploads_workspace_id_title_id_idx" ON "uploads"("workspace_id", "title", "id");
-- Unknown is the longest, as PostgreSQL orders it: nothing can be compared with null. Reads order by the same expression.
CREATE INDEX "uploads_workspace_id_duration_idx" ON "uploads"("workspace_id", (coalesce("duration_ms", 2147483647)), "id");

DROP INDEX "runs_workspace_id_created_at_id_idx";
CREATE INDEX "runs_workspace_id_created_at_id_idx" ON "runs"("workspace_id", "created_at", "id");
DROP INDEX "runs_upload_id_created_at_id_idx";
CREATE INDEX "runs_upload_id_created_at_id_idx" ON "runs"("upload_id", "created_at", "id");
