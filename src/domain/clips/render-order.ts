import type { ClipMs, Span, Word } from '#base/time.ts';
import { spokenTranscript, spokenWords } from '#domain/transcripts/spoken-lines.ts';
import { type Recording, recordingOf } from '#domain/uploads/recording.ts';
import type { CaptionStyle, RenditionPreset } from '#generated/prisma/enums.ts';
import { wordsInClip } from '#timeline/time-map.ts';
import type { StageContext } from '#work/stage.ts';
import { cutsOf } from './cuts-column.ts';

/** Everything that decides the bytes of one rendition, read from rows. */
export interface RenderOrder {
  readonly renditionId: string;
  readonly clipId: string;
  readonly preset: RenditionPreset;
  readonly captionStyle: CaptionStyle;
  readonly cuts: readonly Span[];
  /** What is said in the clip, on its own timeline. */
  readonly words: readonly Word<ClipMs>[];
  readonly language: string;
  readonly recording: Recording;
}

/** Reads the rendition that a stage run is for. */
export async function renderOrder({ worker, run, subject }: StageContext): Promise<RenderOrder> {
  const { prisma } = worker.database;
  const rendition = await prisma.rendition.findUniqueOrThrow({
    where: { id: subject },
    select: {
      id: true,
      preset: true,
      captionStyle: true,
      clip: { select: { id: true, cuts: true, startMs: true, endMs: true } },
    },
  });
  const cuts = cutsOf(rendition.clip.cuts);
  const transcript = await spokenTranscript(prisma, run.uploadId);
  return {
    renditionId: rendition.id,
    clipId: rendition.clip.id,
    preset: rendition.preset,
    captionStyle: rendition.captionStyle,
    cuts,
    words: wordsInClip(await spokenWords(prisma, transcript.id, rendition.clip), cuts),
    language: transcript.language,
    recording: await recordingOf(prisma, run.uploadId),
  };
}
