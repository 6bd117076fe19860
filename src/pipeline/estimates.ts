import type { UsageUnit } from '#generated/prisma/enums.ts';
import type { PaidModels } from '#usage/paid-models.ts';
import { costMicrosOf } from '#usage/prices.ts';
import { plannedStages, type Recipe } from './recipe.ts';
import type { StageName } from './stages.ts';

/** What of a recording decides how much work it is. */
export interface Length {
  readonly durationMs: number;
  readonly picture: boolean;
}

/** Quantities of what is metered. */
export type Units = Readonly<Partial<Record<UsageUnit, number>>>;

/** What one stage of a run will take, all its subjects together, if nothing of it is there already. */
export interface StageEstimate {
  readonly stage: StageName;
  readonly units: Units;
  /** Seconds of work; stages of one run may work beside each other. */
  readonly seconds: number;
  /** Millionths of a US dollar. */
  readonly costMicros: number;
}

interface Asked {
  readonly recipe: Recipe;
  readonly length: Length;
  readonly models: PaidModels;
}

/** What a recipe will take of a recording, stage by stage. Pure; rough, and rather too much than too little. */
export function estimateOf(recipe: Recipe, length: Length, models: PaidModels): StageEstimate[] {
  const asked = { recipe, length, models };
  return plannedStages(recipe).map((stage) => {
    const { seconds, units, model } = estimates[stage](asked);
    return { stage, units, seconds: Math.ceil(seconds), costMicros: costMicrosOf(units, { model, at: new Date() }) };
  });
}

/** What encoding so much will take; pieces of no length take nothing. */
export function renderEstimateOf(length: Pick<Length, 'picture'>, ms: number): Omit<StageEstimate, 'stage'> {
  const { seconds, units, model } = rendered(length, ms);
  return { units, seconds: Math.ceil(seconds), costMicros: costMicrosOf(units, { model, at: new Date() }) };
}

interface Rough {
  readonly seconds: number;
  readonly units: Units;
  readonly model: string | null;
}

/**
 * Rough factors, seen on two shared cores with recordings of a few minutes: reading a recording once is about 60 times
 * real time, a service hears 20 times real time, encoding is about real time on one core. Speech is taken for 150 words
 * a minute, a word for 1.4 tokens. They only have to be of the right size: what is charged is measured.
 */
const rough = {
  readingSpeed: 60,
  hearingSpeed: 20,
  encodingSpeed: 1,
  cpuPerRendered: 1,
  tokensPerMinute: 210,
  bytesPerMs: { picture: 500, sound: 16 },
} as const;

const estimates: Record<StageName, (asked: Asked) => Rough> = {
  ingest: ({ length }) => ({ seconds: 1 + seconds(length) / rough.readingSpeed, units: {}, model: null }),
  transcribe: ({ length, models }) => ({
    seconds: 1 + (models.transcription ? seconds(length) / rough.hearingSpeed : 0),
    units: { AUDIO_MS: length.durationMs },
    model: models.transcription,
  }),
  // The whole text is read once, in windows, each with its instructions; a tenth of it comes back as proposals.
  highlight: (asked) => written(asked, { read: spokenTokens(asked) + 2_000, wrote: spokenTokens(asked) / 10 + 500 }),
  cut: ({ recipe, length }) => rendered(length, clippedMs(recipe, length) * shapes(recipe, length)),
  reel: ({ recipe, length }) =>
    rendered(length, clippedMs(recipe, length) * (recipe.render ? shapes(recipe, length) : 1)),
  // Each post reads the text and is put right once.
  write: (asked) => {
    const posts = asked.recipe.contents.length;
    return written(asked, { read: posts * 2 * (spokenTokens(asked) + 1_500), wrote: posts * 2 * 1_200 });
  },
};

const seconds = ({ durationMs }: Length): number => durationMs / 1000;

const spokenTokens = ({ length }: Asked): number => (length.durationMs / 60_000) * rough.tokensPerMinute;

function written({ models }: Asked, { read, wrote }: { read: number; wrote: number }): Rough {
  if (models.language === null) return { seconds: 1, units: {}, model: null };
  const units = { INPUT_TOKENS: Math.ceil(read), OUTPUT_TOKENS: Math.ceil(wrote) };
  // About 80 tokens a second are written.
  return { seconds: 2 + wrote / 80, units, model: models.language };
}

/** Highlights do not overlap: together they are never longer than the recording. */
function clippedMs({ highlights, render }: Recipe, { durationMs }: Length): number {
  if (render) return render.durationMs;
  return highlights ? Math.min(highlights.count * highlights.maxDurationMs, durationMs) : 0;
}

/** A recording without a picture has one shape. */
const shapes = ({ clips }: Recipe, { picture }: Length): number => (picture ? (clips?.presets.length ?? 0) : 1);

function rendered({ picture }: Pick<Length, 'picture'>, ms: number): Rough {
  const units = {
    RENDERED_MS: Math.ceil(ms),
    ENCODE_CPU_MS: Math.ceil(ms * (picture ? rough.cpuPerRendered : 0.1)),
    STORED_BYTES: Math.ceil(ms * rough.bytesPerMs[picture ? 'picture' : 'sound']),
  };
  return { seconds: ms / 1000 / rough.encodingSpeed, units, model: null };
}
