import type { Tx } from '#base/database.ts';
import type { Span } from '#base/time.ts';
import { spokenWords } from '#domain/transcripts/spoken-lines.ts';
import { wordsInClip } from '#timeline/time-map.ts';
import { columnsOf } from './cuts-column.ts';
import { cutsWithin, type Laying } from './planned-cuts.ts';
import { reelCuts } from './reel-cuts.ts';
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

/** What `layOutClips` and `layOutReel` would lay out for highlights with these spans; writes nothing. */
export async function expectedRenditions(
  tx: Tx,
  laying: Laying & { readonly ffmpeg: string },
  spans: readonly Span[],
): Promise<Expected[]> {
  const { recording, recipe } = laying;
  const wanted = wantedRenditions(recipe, recording);
  const clips: Span[][] = [];
  for (const span of spans) clips.push(await cutsWithin(tx, laying, span));
  const expected: Expected[] = [];
  for (const cuts of clips) expected.push(...(await made(tx, laying, { stage: 'cut', cuts, wanted })));
  if (!recipe.clips?.reel || clips.length < 2) return expected;
  const reel = await made(tx, laying, { stage: 'reel', cuts: reelCuts(clips), wanted: wanted.slice(0, 1) });
  return [...expected, ...reel];
}

async function made(
  tx: Tx,
  { recording, transcriptId, ffmpeg }: Laying & { readonly ffmpeg: string },
  { stage, cuts, wanted }: { stage: Expected['stage']; cuts: readonly Span[]; wanted: readonly WantedRendition[] },
): Promise<Expected[]> {
  const words = wordsInClip(await spokenWords(tx, transcriptId, columnsOf(cuts)), cuts);
  const durationMs = cuts.reduce((sum, cut) => sum + cut.endMs - cut.startMs, 0);
  return wanted.map((one) => ({ stage, durationMs, key: renditionKey({ recording, cuts, words, ...one }, ffmpeg) }));
}
