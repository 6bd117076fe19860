import type { Tx } from '#base/database.ts';
import { durationOf, type Span } from '#base/time.ts';
import { spokenWords } from '#domain/transcripts/spoken-lines.ts';
import type { ClipOrigin } from '#generated/prisma/enums.ts';
import type { Recipe } from '#pipeline/recipe.ts';
import { wordsInClip } from '#timeline/time-map.ts';
import { type ClipChapter, chaptersInClip, fadesInOf } from './chapters-column.ts';
import { columnsOf } from './cuts-column.ts';
import { cutsWithin, type Laying } from './planned-cuts.ts';
import { reelOf } from './reel-cuts.ts';
import { renditionKey } from './rendition-key.ts';
import { type WantedRendition, wantedRenditions } from './wanted-renditions.ts';

/** A rendition that a run over these highlights would want. */
interface Expected {
  readonly stage: 'cut' | 'reel';
  /** Under which key it would be made, or is known. */
  readonly key: string;
  /** How long it plays. */
  readonly durationMs: number;
}

interface Expecting extends Laying {
  readonly recipe: Recipe;
  readonly language: string;
  readonly ffmpeg: string;
}

/** What `layOutClips` and `layOutReel` would lay out for highlights with these spans; writes nothing. */
export async function expectedRenditions(tx: Tx, expecting: Expecting, spans: readonly Span[]): Promise<Expected[]> {
  const { recording, recipe } = expecting;
  const wanted = wantedRenditions(recipe, recording);
  const clips: { title: string; cuts: Span[] }[] = [];
  for (const span of spans) clips.push({ title: '', cuts: await cutsWithin(tx, expecting, span) });
  const expected: Expected[] = [];
  for (const { cuts } of clips)
    expected.push(...(await made(tx, expecting, { stage: 'cut', origin: 'HIGHLIGHT', cuts, chapters: [], wanted })));
  if (!recipe.clips?.reel || clips.length < 2) return expected;
  const reel = { stage: 'reel', origin: 'REEL', ...reelOf(clips), wanted: wanted.slice(0, 1) } as const;
  return [...expected, ...(await made(tx, expecting, reel))];
}

interface ExpectedClip {
  readonly stage: Expected['stage'];
  readonly origin: ClipOrigin;
  readonly cuts: readonly Span[];
  readonly chapters: readonly ClipChapter[];
  readonly wanted: readonly WantedRendition[];
}

async function made(tx: Tx, expecting: Expecting, clip: ExpectedClip): Promise<Expected[]> {
  const { recording, transcriptId, language, ffmpeg } = expecting;
  const { stage, cuts } = clip;
  const columns = columnsOf(cuts);
  const words = wordsInClip(await spokenWords(tx, transcriptId, columns), cuts);
  const twin = { uploadId: recording.id, origin: clip.origin, cutsHash: columns.cutsHash };
  const known = await tx.clip.findUnique({
    where: { uploadId_origin_cutsHash: twin },
    select: { chapters: true, cropPlans: { select: { shape: true, plan: true } } },
  });
  // The titles of highlights that are still to be chosen are nobody's guess: those of the clip that is there.
  const chapters = known ? chaptersInClip(columns.cuts, known.chapters) : [];
  const rows = known?.cropPlans ?? [];
  const rendered = { recording, cuts, fadesIn: fadesInOf(cuts, clip.chapters), chapters, rows, words, language };
  const durationMs = cuts.reduce((sum, cut) => sum + durationOf(cut), 0);
  return clip.wanted.map((one) => ({ stage, durationMs, key: renditionKey({ ...rendered, ...one }, ffmpeg) }));
}
