-- Nobody sought by these times: ffmpeg seeks by the container's own index (decision 0027).
ALTER TABLE "recording_analyses" DROP COLUMN "keyframes_ms";
