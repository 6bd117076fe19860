-- Links between rows of a workspace name it: one across workspaces cannot be stored. A link that is emptied when its row
-- goes empties its own column only, never workspace_id. Rows that are there are checked; a link across would stop this.

CREATE UNIQUE INDEX "artifacts_workspace_id_id_key" ON "artifacts"("workspace_id", "id");
CREATE UNIQUE INDEX "content_versions_workspace_id_id_key" ON "content_versions"("workspace_id", "id");
CREATE UNIQUE INDEX "model_calls_workspace_id_id_key" ON "model_calls"("workspace_id", "id");
CREATE UNIQUE INDEX "speakers_workspace_id_id_key" ON "speakers"("workspace_id", "id");
CREATE UNIQUE INDEX "stage_runs_workspace_id_id_key" ON "stage_runs"("workspace_id", "id");
CREATE UNIQUE INDEX "transcript_edits_workspace_id_id_key" ON "transcript_edits"("workspace_id", "id");
CREATE UNIQUE INDEX "workspace_activities_workspace_id_id_key" ON "workspace_activities"("workspace_id", "id");

-- One to one as before, the workspace named.
DROP INDEX "contents_current_version_id_key";
DROP INDEX "transcript_edits_undoes_id_key";
DROP INDEX "uploads_source_artifact_id_key";
CREATE UNIQUE INDEX "contents_workspace_id_current_version_id_key" ON "contents"("workspace_id", "current_version_id");
CREATE UNIQUE INDEX "transcript_edits_workspace_id_undoes_id_key" ON "transcript_edits"("workspace_id", "undoes_id");
CREATE UNIQUE INDEX "uploads_workspace_id_source_artifact_id_key" ON "uploads"("workspace_id", "source_artifact_id");

ALTER TABLE "caption_files"
  DROP CONSTRAINT "caption_files_artifact_id_fkey",
  ADD CONSTRAINT "caption_files_workspace_id_artifact_id_fkey" FOREIGN KEY ("workspace_id", "artifact_id")
    REFERENCES "artifacts"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "clips"
  DROP CONSTRAINT "clips_highlight_id_fkey",
  DROP CONSTRAINT "clips_poster_artifact_id_fkey",
  ADD CONSTRAINT "clips_workspace_id_highlight_id_fkey" FOREIGN KEY ("workspace_id", "highlight_id")
    REFERENCES "highlights"("workspace_id", "id") ON DELETE SET NULL ("highlight_id") ON UPDATE CASCADE,
  ADD CONSTRAINT "clips_workspace_id_poster_artifact_id_fkey" FOREIGN KEY ("workspace_id", "poster_artifact_id")
    REFERENCES "artifacts"("workspace_id", "id") ON DELETE SET NULL ("poster_artifact_id") ON UPDATE CASCADE;

ALTER TABLE "contents"
  DROP CONSTRAINT "contents_current_version_id_fkey",
  DROP CONSTRAINT "contents_stage_run_id_fkey",
  ADD CONSTRAINT "contents_workspace_id_stage_run_id_fkey" FOREIGN KEY ("workspace_id", "stage_run_id")
    REFERENCES "stage_runs"("workspace_id", "id") ON DELETE SET NULL ("stage_run_id") ON UPDATE CASCADE,
  ADD CONSTRAINT "contents_workspace_id_current_version_id_fkey" FOREIGN KEY ("workspace_id", "current_version_id")
    REFERENCES "content_versions"("workspace_id", "id") ON DELETE SET NULL ("current_version_id") ON UPDATE CASCADE;

ALTER TABLE "highlights"
  DROP CONSTRAINT "highlights_run_id_fkey",
  ADD CONSTRAINT "highlights_workspace_id_run_id_fkey" FOREIGN KEY ("workspace_id", "run_id")
    REFERENCES "runs"("workspace_id", "id") ON DELETE SET NULL ("run_id") ON UPDATE CASCADE;

ALTER TABLE "model_calls"
  DROP CONSTRAINT "model_calls_stage_run_id_fkey",
  ADD CONSTRAINT "model_calls_workspace_id_stage_run_id_fkey" FOREIGN KEY ("workspace_id", "stage_run_id")
    REFERENCES "stage_runs"("workspace_id", "id") ON DELETE SET NULL ("stage_run_id") ON UPDATE CASCADE;

ALTER TABLE "moments"
  DROP CONSTRAINT "moments_run_id_fkey",
  ADD CONSTRAINT "moments_workspace_id_run_id_fkey" FOREIGN KEY ("workspace_id", "run_id")
    REFERENCES "runs"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "recording_analyses"
  DROP CONSTRAINT "recording_analyses_storyboard_artifact_id_fkey",
  DROP CONSTRAINT "recording_analyses_waveform_artifact_id_fkey",
  ADD CONSTRAINT "recording_analyses_workspace_id_storyboard_artifact_id_fkey" FOREIGN KEY ("workspace_id", "storyboard_artifact_id")
    REFERENCES "artifacts"("workspace_id", "id") ON DELETE SET NULL ("storyboard_artifact_id") ON UPDATE CASCADE,
  ADD CONSTRAINT "recording_analyses_workspace_id_waveform_artifact_id_fkey" FOREIGN KEY ("workspace_id", "waveform_artifact_id")
    REFERENCES "artifacts"("workspace_id", "id") ON DELETE SET NULL ("waveform_artifact_id") ON UPDATE CASCADE;

ALTER TABLE "renditions"
  DROP CONSTRAINT "renditions_artifact_id_fkey",
  DROP CONSTRAINT "renditions_stage_run_id_fkey",
  ADD CONSTRAINT "renditions_workspace_id_stage_run_id_fkey" FOREIGN KEY ("workspace_id", "stage_run_id")
    REFERENCES "stage_runs"("workspace_id", "id") ON DELETE SET NULL ("stage_run_id") ON UPDATE CASCADE,
  ADD CONSTRAINT "renditions_workspace_id_artifact_id_fkey" FOREIGN KEY ("workspace_id", "artifact_id")
    REFERENCES "artifacts"("workspace_id", "id") ON DELETE SET NULL ("artifact_id") ON UPDATE CASCADE;

ALTER TABLE "runs"
  DROP CONSTRAINT "runs_retry_of_id_fkey",
  ADD CONSTRAINT "runs_workspace_id_retry_of_id_fkey" FOREIGN KEY ("workspace_id", "retry_of_id")
    REFERENCES "runs"("workspace_id", "id") ON DELETE SET NULL ("retry_of_id") ON UPDATE CASCADE;

ALTER TABLE "transcript_edits"
  DROP CONSTRAINT "transcript_edits_undoes_id_fkey",
  ADD CONSTRAINT "transcript_edits_workspace_id_undoes_id_fkey" FOREIGN KEY ("workspace_id", "undoes_id")
    REFERENCES "transcript_edits"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "transcript_segments"
  DROP CONSTRAINT "transcript_segments_speaker_id_fkey",
  ADD CONSTRAINT "transcript_segments_workspace_id_speaker_id_fkey" FOREIGN KEY ("workspace_id", "speaker_id")
    REFERENCES "speakers"("workspace_id", "id") ON DELETE SET NULL ("speaker_id") ON UPDATE CASCADE;

ALTER TABLE "uploads"
  DROP CONSTRAINT "uploads_source_artifact_id_fkey",
  ADD CONSTRAINT "uploads_workspace_id_source_artifact_id_fkey" FOREIGN KEY ("workspace_id", "source_artifact_id")
    REFERENCES "artifacts"("workspace_id", "id") ON DELETE SET NULL ("source_artifact_id") ON UPDATE CASCADE;

ALTER TABLE "usage_entries"
  DROP CONSTRAINT "usage_entries_artifact_id_fkey",
  DROP CONSTRAINT "usage_entries_model_call_id_fkey",
  DROP CONSTRAINT "usage_entries_run_id_fkey",
  DROP CONSTRAINT "usage_entries_stage_run_id_fkey",
  DROP CONSTRAINT "usage_entries_upload_id_fkey",
  ADD CONSTRAINT "usage_entries_workspace_id_upload_id_fkey" FOREIGN KEY ("workspace_id", "upload_id")
    REFERENCES "uploads"("workspace_id", "id") ON DELETE SET NULL ("upload_id") ON UPDATE CASCADE,
  ADD CONSTRAINT "usage_entries_workspace_id_run_id_fkey" FOREIGN KEY ("workspace_id", "run_id")
    REFERENCES "runs"("workspace_id", "id") ON DELETE SET NULL ("run_id") ON UPDATE CASCADE,
  ADD CONSTRAINT "usage_entries_workspace_id_stage_run_id_fkey" FOREIGN KEY ("workspace_id", "stage_run_id")
    REFERENCES "stage_runs"("workspace_id", "id") ON DELETE SET NULL ("stage_run_id") ON UPDATE CASCADE,
  ADD CONSTRAINT "usage_entries_workspace_id_artifact_id_fkey" FOREIGN KEY ("workspace_id", "artifact_id")
    REFERENCES "artifacts"("workspace_id", "id") ON DELETE SET NULL ("artifact_id") ON UPDATE CASCADE,
  ADD CONSTRAINT "usage_entries_workspace_id_model_call_id_fkey" FOREIGN KEY ("workspace_id", "model_call_id")
    REFERENCES "model_calls"("workspace_id", "id") ON DELETE SET NULL ("model_call_id") ON UPDATE CASCADE;

ALTER TABLE "webhook_deliveries"
  DROP CONSTRAINT "webhook_deliveries_activity_id_fkey",
  ADD CONSTRAINT "webhook_deliveries_workspace_id_activity_id_fkey" FOREIGN KEY ("workspace_id", "activity_id")
    REFERENCES "workspace_activities"("workspace_id", "id") ON DELETE SET NULL ("activity_id") ON UPDATE CASCADE;
