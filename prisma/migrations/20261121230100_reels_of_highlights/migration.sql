-- Which highlights a reel was made of, also those that it leaves out since a person dismissed them.
CREATE TABLE "reel_highlights" (
    "clip_id" UUID NOT NULL,
    "highlight_id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,

    CONSTRAINT "reel_highlights_pkey" PRIMARY KEY ("clip_id","highlight_id")
);

CREATE INDEX "reel_highlights_workspace_id_clip_id_idx" ON "reel_highlights"("workspace_id", "clip_id");

CREATE INDEX "reel_highlights_workspace_id_highlight_id_idx" ON "reel_highlights"("workspace_id", "highlight_id");

ALTER TABLE "reel_highlights" ADD CONSTRAINT "reel_highlights_workspace_id_clip_id_fkey" FOREIGN KEY ("workspace_id", "clip_id") REFERENCES "clips"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "reel_highlights" ADD CONSTRAINT "reel_highlights_workspace_id_highlight_id_fkey" FOREIGN KEY ("workspace_id", "highlight_id") REFERENCES "highlights"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Reels that are there: of each chapter the highlight around its beginning, best the one that it is named after.
INSERT INTO "reel_highlights" ("clip_id", "highlight_id", "workspace_id")
SELECT DISTINCT c."id", shown."id", c."workspace_id"
FROM "clips" c
CROSS JOIN LATERAL jsonb_to_recordset(coalesce(c."chapters", '[]'::jsonb)) AS chapter ("atMs" INTEGER, "title" TEXT)
CROSS JOIN LATERAL (
  SELECT h."id" FROM "highlights" h
  WHERE h."workspace_id" = c."workspace_id" AND h."upload_id" = c."upload_id"
    AND h."start_ms" <= chapter."atMs" AND h."end_ms" > chapter."atMs"
  ORDER BY h."title" = chapter."title" DESC, chapter."atMs" - h."start_ms", h."id"
  LIMIT 1
) shown
WHERE c."origin" = 'REEL';
