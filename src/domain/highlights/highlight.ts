import { spokenText, spokenWords } from '#domain/transcripts/spoken-lines.ts';
import { recordingOf } from '#domain/uploads/recording.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import { saveArtifact } from '#work/artifacts.ts';
import type { StageWork } from '#work/stage.ts';
import { chosenMoments } from './chosen-moments.ts';
import { proposalsOf } from './proposals.ts';

/** Chooses the moments worth sharing. A model may propose lines; times, bounds and the choice are ours. */
export const highlight: StageWork = {
  stage: 'highlight',

  async work(context) {
    const { worker, run, progress } = context;
    const { prisma } = worker.database;
    const wanted = run.recipe.highlights;
    if (!wanted) return async () => [];
    const recording = await recordingOf(prisma, run.uploadId);
    const spoken = await spokenText(prisma, run.uploadId);
    const { moments: proposals, fresh } = await proposalsOf(context, spoken);
    progress(0.8);
    const words = await spokenWords(prisma, spoken.transcriptId);
    const moments = chosenMoments({ recording, spoken, words, wanted, proposals });
    return async (tx) => {
      await takeTurn(tx, run.uploadId);
      if (fresh) await saveArtifact(tx, fresh);
      const owner = { workspaceId: run.workspaceId, uploadId: run.uploadId };
      const kept = moments.map(({ bounds: { startMs, endMs } }) => ({ startMs, endMs }));
      await tx.highlight.deleteMany({
        where: { uploadId: run.uploadId, decision: 'PROPOSED', clips: { none: {} }, NOT: { OR: kept } },
      });
      const ids: string[] = [];
      for (const { moment, bounds } of moments) {
        const { title, summary, importance, quote } = moment;
        const signals = { ...moment.signals, startBound: bounds.reasons.start, endBound: bounds.reasons.end };
        const facts = { runId: run.id, title, summary, importance, quote, topics: [...moment.topics], signals };
        const range = { uploadId: run.uploadId, startMs: bounds.startMs, endMs: bounds.endMs };
        const { id } = await tx.highlight.upsert({
          where: { uploadId_startMs_endMs: range },
          create: { ...owner, ...range, ...facts },
          update: facts,
          select: { id: true },
        });
        ids.push(id);
      }
      return ids.map((id) => ({ type: 'Highlight', id }));
    };
  },
};
