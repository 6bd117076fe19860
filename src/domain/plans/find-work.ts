import { sourceMs } from '#base/time.ts';
import { expectedRenditions } from '#domain/clips/expected-renditions.ts';
import { contentKey } from '#domain/contents/write.ts';
import { chosenSpans, weighedMoments } from '#domain/highlights/chosen-moments.ts';
import { decidedHighlights } from '#domain/highlights/decided-highlights.ts';
import { loudnessOf } from '#domain/highlights/loudness.ts';
import { knownProposal, proposalKey } from '#domain/highlights/proposals.ts';
import { type SpokenText, spokenText, spokenWords } from '#domain/transcripts/spoken-lines.ts';
import { knownTranscript, transcribeKey } from '#domain/transcripts/transcribe.ts';
import { type Recording, recordingOf } from '#domain/uploads/recording.ts';
import type { Api } from '#graph/context.ts';
import type { Recipe } from '#pipeline/recipe.ts';
import type { StageName } from '#pipeline/stages.ts';
import type { Found } from './stage-plan.ts';
import type { Versions } from './versions.ts';

/** A verified recording, and what a run over it is to make with what. */
export interface Wanted {
  readonly workspaceId: string;
  readonly uploadId: string;
  readonly recipe: Recipe;
  readonly versions: Versions;
}

/**
 * Looks, with the very keys that the stages themselves use, what of a run is there already. A stage that is left out
 * follows from one that must be computed first: nothing can be said of it.
 */
export async function findWork(api: Api, wanted: Wanted): Promise<Map<StageName, Found>> {
  const { prisma } = api.database;
  const found = new Map<StageName, Found>([['ingest', { count: 1, reused: 1 }]]);
  const recording = await recordingOf(prisma, wanted.uploadId);
  if (!(await hasTranscript(api, wanted, recording))) return found;
  found.set('transcribe', { count: 1, reused: 1 });
  const spoken = await spokenText(prisma, wanted.uploadId);
  found.set('write', await postsOf(api, wanted, { recording, spoken }));
  const spans = await spansOf(api, wanted, { recording, spoken });
  if (!spans) return found;
  found.set('highlight', await highlightsOf(api, wanted, spans));
  for (const stage of ['cut', 'reel'] as const) found.set(stage, { count: 0, reused: 0, encodeMs: 0 });
  for (const { stage, known, durationMs } of await renditionsOf(api, wanted, { recording, spoken, spans })) {
    const { count = 0, reused = 0, encodeMs = 0 } = found.get(stage) ?? {};
    const rest = known ? 0 : durationMs;
    found.set(stage, { count: count + 1, reused: reused + (known ? 1 : 0), encodeMs: encodeMs + rest });
  }
  return found;
}

/** What was said in which recording. */
interface Heard {
  readonly recording: Recording;
  readonly spoken: SpokenText;
}

interface Bounds {
  readonly startMs: number;
  readonly endMs: number;
}

async function hasTranscript({ database: { prisma } }: Api, wanted: Wanted, recording: Recording): Promise<boolean> {
  const { uploadId, recipe, versions } = wanted;
  if (recipe.fresh !== null) return false;
  const select = { format: true, language: true, text: true } as const;
  const sidecar = await prisma.captionSidecar.findUnique({ where: { uploadId }, select });
  const { language, fresh } = recipe;
  const key = transcribeKey({ source: recording.sha256, version: versions.speechToText, language, sidecar, fresh });
  return (await knownTranscript(prisma, { uploadId, key, fresh })) !== null;
}

async function postsOf({ database }: Api, wanted: Wanted, { recording, spoken }: Heard): Promise<Found> {
  const { uploadId, recipe, versions } = wanted;
  let reused = 0;
  for (const { kind, tone, maxLength, ...asked } of recipe.contents) {
    const language = asked.language ?? spoken.language;
    const source = { title: recording.title, language, tone, maxLength };
    const key = contentKey({ kind, source, model: versions.languageModel, text: spoken.version });
    const where = { artifactKey: { startsWith: key }, content: { uploadId, kind, language } };
    if (await database.prisma.contentVersion.findFirst({ where, select: { id: true } })) reused += 1;
  }
  return { count: recipe.contents.length, reused };
}

/** The spans that will be chosen, in their order; null while only a model could say. */
async function spansOf(api: Api, wanted: Wanted, { recording, spoken }: Heard): Promise<Bounds[] | null> {
  const { workspaceId, recipe, versions } = wanted;
  if (!recipe.highlights) return null;
  const key = proposalKey({ model: versions.languageModel, text: spoken.version });
  const proposal = await knownProposal(api, { workspaceId, key });
  if (proposal === null && !versions.languageModel.startsWith('extractive:')) return null;
  const { prisma } = api.database;
  const words = await spokenWords(prisma, spoken.transcriptId);
  const decided = await decidedHighlights(prisma, wanted.uploadId, recipe.highlights.count);
  const loudness = await loudnessOf(api, wanted);
  const proposals = proposal?.moments ?? null;
  const weighed = weighedMoments({ recording, spoken, words, wanted: recipe.highlights, proposals, decided, loudness });
  const chosen = chosenSpans(weighed, decided);
  const spans = new Map(chosen.map(({ startMs, endMs }) => [`${startMs}-${endMs}`, { startMs, endMs }]));
  return [...spans.values()].sort((a, b) => a.startMs - b.startMs);
}

async function highlightsOf(
  { database: { prisma } }: Api,
  { uploadId }: Wanted,
  spans: readonly Bounds[],
): Promise<Found> {
  const there = await prisma.highlight.count({ where: { uploadId, OR: [...spans] } });
  return { count: 1, reused: there === spans.length ? 1 : 0, free: true };
}

async function renditionsOf(
  { database: { prisma } }: Api,
  { workspaceId, recipe, versions }: Wanted,
  { recording, spoken, spans }: Heard & { spans: readonly Bounds[] },
) {
  if (!recipe.clips) return [];
  const laying = {
    recording,
    transcriptId: spoken.transcriptId,
    language: spoken.language,
    recipe,
    ffmpeg: versions.ffmpeg,
  };
  const cut = spans.map(({ startMs, endMs }) => ({ startMs: sourceMs(startMs), endMs: sourceMs(endMs) }));
  const expected = await expectedRenditions(prisma, laying, cut);
  const keys = expected.map(({ key }) => key);
  const where = { workspaceId, artifactKey: { in: keys }, removedAt: null };
  const rows = await prisma.artifact.findMany({ where, select: { artifactKey: true } });
  const known = new Set(rows.map(({ artifactKey }) => artifactKey));
  return expected.map((one) => ({ ...one, known: known.has(one.key) }));
}
