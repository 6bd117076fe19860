import { z } from 'zod';
import { line } from '#base/line.ts';
import { CaptionStyle, ContentKind, RenditionPreset, SafeArea } from '#generated/prisma/enums.ts';
import type { StageName } from './stages.ts';

/** Changes when the same recipe would make other bytes: part of every artifact key. */
export const recipeVersion = 1;

const highlights = z.object({
  count: z.int().min(1).max(15),
  minDurationMs: z.int().min(3_000).max(600_000),
  maxDurationMs: z.int().min(5_000).max(600_000),
  topics: z.array(line(100)).max(20).default([]),
});

const clips = z.object({
  presets: z.array(z.enum(RenditionPreset)).min(1).max(5),
  captionStyle: z.enum(CaptionStyle),
  safeArea: z.enum(SafeArea).default('EVERYWHERE'),
  removeSilences: z.boolean(),
  removeFillers: z.boolean().default(false),
  reel: z.boolean(),
});

/** One post as it is wished for. */
export const contentWish = z.object({
  kind: z.enum(ContentKind),
  language: z.string().nullable().default(null),
  tone: line(200).nullable().default(null),
  maxLength: z.int().min(100).max(100_000).nullable().default(null),
});

/** One clip that is there already, and the stage that makes it: a run that only renders. */
const render = z.object({
  clipId: z.uuid(),
  stage: z.enum(['cut', 'reel']),
  /** How long it plays, for what it will take. */
  durationMs: z.int().min(1),
});

/** One post that a run only writes, of what is transcribed already; how is what `contents` says. */
const write = z.object({
  contentId: z.uuid(),
  /** The parts of the recording that it is written from, in milliseconds; null for all of it. */
  spans: z.array(z.object({ startMs: z.int(), endMs: z.int() })).nullable(),
  /** The version that was in force when it was asked for: the only one of a person's that gives way to it. */
  replaces: z.uuid().nullable(),
});

/** What a run makes, as stored on its row. `transcript: false` only probes the bytes. */
export const recipe = z.object({
  transcript: z.boolean(),
  language: z.string().nullable().default(null),
  highlights: highlights.nullable().default(null),
  clips: clips.nullable().default(null),
  contents: z.array(contentWish).default([]),
  /** Where set, `clips` says how, and nothing else is made. */
  render: render.nullable().default(null),
  /** Where set, nothing else is made. */
  write: write.nullable().default(null),
  /**
   * Where remembered answers of models must not be used: the run that was to ask again. Its retries copy the recipe, and
   * so find what it was answered.
   */
  fresh: z.uuid().nullable().default(null),
});

export type Recipe = z.output<typeof recipe>;

/** The recipe of a run that only verifies and probes an upload. */
export const probeOnly: Recipe = {
  transcript: false,
  language: null,
  highlights: null,
  clips: null,
  contents: [],
  render: null,
  write: null,
  fresh: null,
};

/** The stages a recipe needs, in the order of the declaration; each one's parent is among them, save the first one's. */
export function plannedStages(wanted: Recipe): StageName[] {
  if (wanted.render) return [wanted.render.stage];
  if (wanted.write) return ['write'];
  const planned: StageName[] = ['ingest'];
  if (wanted.transcript) planned.push('transcribe');
  if (wanted.highlights) planned.push('highlight');
  if (wanted.highlights && wanted.clips) planned.push('cut');
  if (wanted.highlights && wanted.clips?.reel) planned.push('reel');
  if (wanted.contents.length > 0) planned.push('write');
  return planned;
}

/** The stage run that a run begins with: others follow from it. */
export function rootOf({ render: rendering, write: writing }: Recipe): { stage: StageName; subject: string } {
  if (rendering) return { stage: rendering.stage, subject: rendering.clipId };
  return writing ? { stage: 'write', subject: writing.contentId } : { stage: 'ingest', subject: '' };
}
