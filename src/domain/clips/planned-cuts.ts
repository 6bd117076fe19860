import type { Tx } from '#base/database.ts';
import { type Span, sourceMs, type Word } from '#base/time.ts';
import { spokenTranscript, spokenWords } from '#domain/transcripts/spoken-lines.ts';
import type { Recording } from '#domain/uploads/recording.ts';
import type { Prisma } from '#generated/prisma/client.ts';
import { isFiller } from '#language/fillers.ts';
import { gridRate } from '#media/frame-rate.ts';
import type { LockedRun } from '#pipeline/change-run.ts';
import type { Recipe } from '#pipeline/recipe.ts';
import { fewCuts, onFrames, withoutSilences } from '#timeline/cuts.ts';
import { withoutFillers } from '#timeline/filler-cuts.ts';

/** A highlight and the spans of the recording that its clip keeps. */
export interface Planned {
  readonly highlightId: string;
  readonly title: string;
  readonly cuts: readonly Span[];
}

/** The highlights of a run with the cuts of their clips, best first: in this order they are encoded. */
export async function plannedCuts(tx: Tx, run: LockedRun, recording: Recording): Promise<Planned[]> {
  const { id: transcriptId } = await spokenTranscript(tx, run.uploadId);
  return cutsOfHighlights(tx, { recording, transcriptId, recipe: run.recipe }, { runId: run.id });
}

/** Any highlights of a recording with the cuts of their clips, best first. */
export async function cutsOfHighlights(tx: Tx, laying: Laying, where: Prisma.HighlightWhereInput): Promise<Planned[]> {
  const highlights = await tx.highlight.findMany({
    where,
    orderBy: [{ importance: 'desc' }, { startMs: 'asc' }],
    select: { id: true, title: true, startMs: true, endMs: true },
  });
  const planned: Planned[] = [];
  for (const { id, title, startMs, endMs } of highlights) {
    const span = { startMs: sourceMs(startMs), endMs: sourceMs(endMs) };
    planned.push({ highlightId: id, title, cuts: await cutsWithin(tx, laying, span) });
  }
  return planned;
}

/** What decides the cuts of a highlight's clip besides its span. */
export interface Laying {
  readonly recording: Recording;
  readonly transcriptId: string;
  readonly recipe: { readonly clips: Leaving | null };
}

/** What of a span a clip leaves out. */
type Leaving = Pick<NonNullable<Recipe['clips']>, 'removeSilences' | 'removeFillers'>;

/** The spans that a clip keeps of a span: without long pauses and fillers if that is wanted, on whole frames of a picture. */
export async function cutsWithin(tx: Tx, { recording, transcriptId, recipe }: Laying, span: Span): Promise<Span[]> {
  const { removeSilences = false, removeFillers = false } = recipe.clips ?? {};
  const words = removeSilences || removeFillers ? await spokenWords(tx, transcriptId, span) : [];
  const loud = removeSilences ? withoutSilences(span, recording.silences, words) : [span];
  const kept = removeFillers ? withoutFillers(loud, words, await fillersAmong(tx, transcriptId, words)) : loud;
  const { video } = recording.facts;
  return fewCuts(video ? onFrames(kept, gridRate(video)) : kept);
}

/** Which words are fillers, by their index: none where their times are estimated, which is no ground to cut on. */
async function fillersAmong(tx: Tx, transcriptId: string, words: readonly Word[]): Promise<ReadonlySet<number>> {
  const where = { id: transcriptId };
  const transcript = await tx.transcript.findUniqueOrThrow({ where, select: { language: true, wordTiming: true } });
  if (transcript.wordTiming === 'ESTIMATED') return new Set();
  return new Set(words.flatMap(({ text }, at) => (isFiller(text, transcript.language) ? [at] : [])));
}
