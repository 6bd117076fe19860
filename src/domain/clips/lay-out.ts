import type { Tx } from '#base/database.ts';
import { type Span, sourceMs } from '#base/time.ts';
import { spokenTranscript, spokenWords } from '#domain/transcripts/spoken-lines.ts';
import { type Recording, recordingOf } from '#domain/uploads/recording.ts';
import type { ClipOrigin, RenditionPreset } from '#generated/prisma/enums.ts';
import type { LockedRun } from '#pipeline/change-run.ts';
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
const presetsFor = ({ facts }: Recording, wanted: readonly RenditionPreset[]): readonly RenditionPreset[] =>
  facts.video ? wanted : wanted.length > 0 ? ['AUDIO_ONLY'] : [];

async function plannedCuts(tx: Tx, run: LockedRun, recording: Recording): Promise<Planned[]> {
  const highlights = await tx.highlight.findMany({
    where: { runId: run.id },
    orderBy: { startMs: 'asc' },
    select: { id: true, title: true, startMs: true, endMs: true },
  });
  const transcript = await spokenTranscript(tx, run.uploadId);
  const planned: Planned[] = [];
  for (const { id, title, startMs, endMs } of highlights) {
    const span = { startMs: sourceMs(startMs), endMs: sourceMs(endMs) };
    const words = run.recipe.clips?.removeSilences ? await spokenWords(tx, transcript.id, span) : null;
    const kept = words ? withoutSilences(span, recording.silences, words) : [span];
    const cuts = recording.facts.video ? onFrames(kept, recording.facts.video.frameRate) : kept;
    planned.push({ highlightId: id, title, cuts });
  }
  return planned;
}

/** Neighbouring highlights may share the pause between them: nothing is shown twice. */
function withoutOverlap(cuts: readonly Span[]): Span[] {
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

async function saveRendition(
  tx: Tx,
  run: LockedRun,
  wanted: { clipId: string; preset: RenditionPreset; enqueue: Enqueue },
): Promise<void> {
  const { clipId, preset } = wanted;
  const captionStyle = preset === 'AUDIO_ONLY' ? 'SIDECAR' : (run.recipe.clips?.captionStyle ?? 'SIDECAR');
  const { id } = await tx.rendition.upsert({
    where: { clipId_preset_captionStyle: { clipId, preset, captionStyle } },
    create: { workspaceId: run.workspaceId, clipId, preset, captionStyle },
    update: {},
    select: { id: true },
  });
  await tx.rendition.update({ where: { id }, data: { stageRunId: await wanted.enqueue(id) }, select: { id: true } });
}
