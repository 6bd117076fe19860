import { sourceMs } from '#base/time.ts';
import { chaptersOf } from '#domain/chapters/chapters.ts';
import { replaceChapters } from '#domain/chapters/save-chapters.ts';
import { spokenText, spokenWords } from '#domain/transcripts/spoken-lines.ts';
import { recordingOf } from '#domain/uploads/recording.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import { saveArtifact } from '#work/artifacts.ts';
import type { StageWork } from '#work/stage.ts';
import { weighedMoments } from './chosen-moments.ts';
import { decidedHighlights } from './decided-highlights.ts';
import { loudnessOf } from './loudness.ts';
import { proposalOf } from './proposals.ts';
import { saveHighlights } from './save-highlights.ts';

/**
 * Chooses the moments worth sharing, and cuts the whole recording into chapters. A model may propose lines; times,
 * bounds and the choice are ours.
 */
export const highlight: StageWork = {
  stage: 'highlight',

  async work(context) {
    const { worker, run, progress, signal } = context;
    const { prisma } = worker.database;
    const wanted = run.recipe.highlights;
    if (!wanted) return async () => [];
    const recording = await recordingOf(prisma, run.uploadId);
    const spoken = await spokenText(prisma, run.uploadId);
    const { proposal, fresh } = await proposalOf(context, spoken);
    progress(0.8);
    const words = await spokenWords(prisma, spoken.transcriptId);
    const decided = await decidedHighlights(prisma, run.uploadId, wanted.count);
    const loudness = await loudnessOf(worker, { uploadId: run.uploadId, signal });
    const proposals = proposal?.moments ?? null;
    const weighed = weighedMoments({ recording, spoken, words, wanted, proposals, decided, loudness });
    const chapters = chaptersOf(spoken.lines, {
      language: spoken.language,
      durationMs: sourceMs(recording.facts.durationMs),
      subjects: proposal?.subjects ?? null,
    });
    return async (tx) => {
      await takeTurn(tx, run.uploadId);
      if (fresh) await saveArtifact(tx, fresh);
      await replaceChapters(tx, run, chapters);
      const ids = await saveHighlights(tx, run, { weighed, decided });
      return ids.map((id) => ({ type: 'Highlight', id }));
    };
  },
};
