import type { ClipMs, Span, Word } from '#base/time.ts';
import { spokenTranscript, spokenWords } from '#domain/transcripts/spoken-lines.ts';
import { type Recording, recordingOf } from '#domain/uploads/recording.ts';
import { wordsInClip } from '#timeline/time-map.ts';
import type { StageContext } from '#work/stage.ts';
import { chaptersInClip, chaptersOf, fadesInOf } from './chapters-column.ts';
import type { PlanRow } from './crop-plan.ts';
import { cutsOf } from './cuts-column.ts';
import { type WantedRendition, wantedRenditions } from './wanted-renditions.ts';

/** A rendition to be made. */
export interface RenditionOrder extends WantedRendition {
  readonly id: string;
}

/** Everything that decides the bytes of a clip's renditions, read from rows. */
export interface RenderOrder {
  readonly workspaceId: string;
  readonly clipId: string;
  /** Of the clip as it was read: what is made of it is stale once the clip has a later one. */
  readonly revision: number;
  readonly renditions: readonly RenditionOrder[];
  readonly cuts: readonly Span[];
  /** Which cuts come in over the one before. */
  readonly fadesIn: ReadonlySet<number>;
  /** Marks in its video, on its own timeline. */
  readonly chapters: readonly (Span<ClipMs> & { readonly title: string })[];
  /** Its stored crop plans. */
  readonly rows: readonly PlanRow[];
  /** What is said in the clip, on its own timeline. */
  readonly words: readonly Word<ClipMs>[];
  /** Which transcript says it. */
  readonly transcriptId: string;
  readonly language: string;
  readonly recording: Recording;
}

/**
 * Reads the clip that a stage run is for, with the renditions it is to make: those that wait for it, and those its
 * recipe asks for, also where a later run has laid them out again in between.
 */
export async function renderOrder({ worker, run, stageRunId, subject }: StageContext): Promise<RenderOrder> {
  const { prisma } = worker.database;
  const recording = await recordingOf(prisma, run.uploadId);
  const clip = await prisma.clip.findUniqueOrThrow({
    where: { id: subject },
    select: {
      id: true,
      revision: true,
      cuts: true,
      chapters: true,
      cropPlans: { select: { shape: true, plan: true } },
      startMs: true,
      endMs: true,
      renditions: {
        where: { OR: [{ stageRunId }, ...wantedRenditions(run.recipe, recording)] },
        select: { id: true, preset: true, captionStyle: true, safeArea: true },
        orderBy: { id: 'asc' },
      },
    },
  });
  const cuts = cutsOf(clip.cuts);
  const { id: transcriptId, language } = await spokenTranscript(prisma, run.uploadId);
  const words = wordsInClip(await spokenWords(prisma, transcriptId, clip), cuts);
  const { id: clipId, revision, renditions, cropPlans: rows } = clip;
  const fadesIn = fadesInOf(cuts, chaptersOf(clip.chapters));
  const chapters = chaptersInClip(clip.cuts, clip.chapters);
  const shown = { cuts, fadesIn, chapters, rows, words, transcriptId, language, recording };
  return { workspaceId: run.workspaceId, clipId, revision, renditions, ...shown };
}
