-- Since when a rendition shows what it shows: files that are stale stay so, all others are not.
ALTER TABLE "renditions" ADD COLUMN "shown_since" INTEGER NOT NULL DEFAULT 1;

UPDATE "renditions" r SET "shown_since" = least(c."revision", coalesce(r."revision", c."revision") + 1)
FROM "clips" c WHERE c."id" = r."clip_id";

-- Two figures of a file's quality and one of its captions have the names that everybody else gives them.
UPDATE "renditions"
SET "quality" = "quality" - 'indexFirst' - 'editLists'
  || jsonb_build_object('fastStart', "quality" -> 'indexFirst', 'hasEditLists', "quality" -> 'editLists')
WHERE "quality" ? 'indexFirst';

UPDATE "renditions"
SET "quality" = jsonb_set("quality" #- '{captions,cues}', '{captions,cueCount}', "quality" #> '{captions,cues}')
WHERE "quality" -> 'captions' ? 'cues';

UPDATE "caption_files" SET "report" = "report" - 'cues' || jsonb_build_object('cueCount', "report" -> 'cues')
WHERE "report" ? 'cues';

-- The key frame before each change of the picture, so that nobody reads the index of all key frames for it.
ALTER TABLE "recording_analyses" ADD COLUMN "before_scenes_ms" INTEGER[];

UPDATE "recording_analyses" SET "before_scenes_ms" = array(
  SELECT coalesce((SELECT max(key_ms) FROM unnest("keyframes_ms") key_ms WHERE key_ms < scene_ms), 0)
  FROM unnest("scenes_ms") WITH ORDINALITY scene (scene_ms, place) ORDER BY place);

-- Older corrections lose what undoing them takes.
ALTER TABLE "transcript_edits" ALTER COLUMN "operations" DROP NOT NULL,
ALTER COLUMN "before" DROP NOT NULL,
ALTER COLUMN "after" DROP NOT NULL,
ADD COLUMN "is_undo" BOOLEAN NOT NULL DEFAULT false;

UPDATE "transcript_edits" SET "is_undo" = true WHERE "undoes_id" IS NOT NULL AND "summary" LIKE 'Undo: %';
