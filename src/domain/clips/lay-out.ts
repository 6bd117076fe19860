import type { Tx } from '#base/database.ts';
import { type Span, sourceMs } from '#base/time.ts';
import { spokenTranscript, spokenWords } from '#domain/transcripts/spoken-lines.ts';
import { type Recording, recordingOf } from '#domain/uploads/recording.ts';
import type { CaptionStyle, ClipOrigin, RenditionPreset } from '#generated/prisma/enums.ts';
import type { LockedRun } from '#pipeline/change-run.ts';
import type { Recipe } from '#pipeline/recipe.ts';
import { onFrames, withoutSilences } from '#timeline/cuts.ts';
import { columnsOf } from './cuts-column.ts';

/** A highlight and the spans of the recording that its clip keeps. */
interface Planned {
  readonly highlightId: string;
  readonly title: string;
  readonly cuts: readonly Span[];
}

type Enqueue = (subject: string) => Promise<string>;

/** One clip for each highlight of the run, with a rendition and a stage run for each shape. */
export async function layOutClips(tx: Tx, run: LockedRun, enqueue: Enqueue): Promise<void> {
  const recording = await recordingOf(tx, run.uploadId);
  const presets = presetsFor(recording, run.recipe.clips?.presets ?? []);
  for (const { highlightId, title, cuts } of await plannedCuts(tx, run, recording)) {
    const clip = await saveClip(tx, run, { origin: 'HIGHLIGHT', title, cuts, highlightId });
    for (const preset of presets) await saveRendition(tx, run, { clipId: clip, preset, enqueue });
  }
}

/** One clip of all highlights of the run in timeline order; nothing where there is only one. */
export async function layOutReel(tx: Tx, run: LockedRun, enqueue: Enqueue): Promise<void> {
  const recording = await recordingOf(tx, run.uploadId);
  const [preset] = presetsFor(recording, run.recipe.clips?.presets ?? []);
  const planned = await plannedCuts(tx, run, recording);
  if (!preset || planned.length < 2) return;
  const cuts = withoutOverlap(planned.flatMap((plan) => plan.cuts));
  const clip = await saveClip(tx, run, {
    origin: 'REEL',
    title: `Highlights of ${recording.title}`,
    cuts,
    highlightId: null,
  });
  await saveRendition(tx, run, { clipId: clip, preset, enqueue });
}

/** A recording without a picture has sound to give, whatever the shape asked for. */
export const presetsFor = ({ facts }: Recording, wanted: readonly RenditionPreset[]): readonly RenditionPreset[] =>
  facts.video ? wanted : wanted.length > 0 ? ['AUDIO_ONLY'] : [];

async function plannedCuts(tx: Tx, run: LockedRun, recording: Recording): Promise<Planned[]> {
  const highlights = await tx.highlight.findMany({
    where: { runId: run.id },
    orderBy: { startMs: 'asc' },
    select: { id: true, title: true, startMs: true, endMs: true },
  });
  const transcript = await spokenTranscript(tx, run.uploadId);
  const laying = { recording, transcriptId: transcript.id, recipe: run.recipe };
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
  readonly recipe: Recipe;
}

/** The spans that the clip of a highlight keeps: without long pauses if that is wanted, on whole frames of a picture. */
export async function cutsWithin(tx: Tx, { recording, transcriptId, recipe }: Laying, span: Span): Promise<Span[]> {
  const words = recipe.clips?.removeSilences ? await spokenWords(tx, transcriptId, span) : null;
  const kept = words ? withoutSilences(span, recording.silences, words) : [span];
  return recording.facts.video ? onFrames(kept, recording.facts.video.frameRate) : kept;
}

/** Neighbouring highlights may share the pause between them: nothing is shown twice. */
export function withoutOverlap(cuts: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const cut of cuts) {
    const last = joined.at(-1);
    if (last && cut.startMs <= last.endMs)
      joined[joined.length - 1] = { startMs: last.startMs, endMs: sourceMs(Math.max(last.endMs, cut.endMs)) };
    else joined.push(cut);
  }
  return joined;
}

async function saveClip(
  tx: Tx,
  run: LockedRun,
  clip: { origin: ClipOrigin; title: string; cuts: readonly Span[]; highlightId: string | null },
): Promise<string> {
  const { uploadId, workspaceId } = run;
  const { origin, title, highlightId } = clip;
  const columns = columnsOf(clip.cuts);
  const { id } = await tx.clip.upsert({
    where: { uploadId_origin_cutsHash: { uploadId, origin, cutsHash: columns.cutsHash } },
    create: { workspaceId, uploadId, origin, title, highlightId, ...columns },
    update: { highlightId },
    select: { id: true },
  });
  return id;
}

/** Sound has no picture to draw on. */
export const captionStyleOf = ({ clips }: Recipe, preset: RenditionPreset): CaptionStyle =>
  preset === 'AUDIO_ONLY' ? 'SIDECAR' : (clips?.captionStyle ?? 'SIDECAR');

async function saveRendition(
  tx: Tx,
  run: LockedRun,
  wanted: { clipId: string; preset: RenditionPreset; enqueue: Enqueue },
): Promise<void> {
  const { clipId, preset } = wanted;
  const captionStyle = captionStyleOf(run.recipe, preset);
  const safeArea = run.recipe.clips?.safeArea ?? 'EVERYWHERE';
  const { id } = await tx.rendition.upsert({
    where: { clipId_preset_captionStyle_safeArea: { clipId, preset, captionStyle, safeArea } },
    create: { workspaceId: run.workspaceId, clipId, preset, captionStyle, safeArea },
    update: {},
    select: { id: true },
  });
  await tx.rendition.update({ where: { id }, data: { stageRunId: await wanted.enqueue(id) }, select: { id: true } });
}
