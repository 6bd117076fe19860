import type { Tx } from '#base/database.ts';
import type { Span } from '#base/time.ts';
import { spokenWords } from '#domain/transcripts/spoken-lines.ts';
import type { RenditionPreset } from '#generated/prisma/enums.ts';
import { wordsInClip } from '#timeline/time-map.ts';
import { columnsOf } from './cuts-column.ts';
import { captionStyleOf, cutsWithin, type Laying, presetsFor, withoutOverlap } from './lay-out.ts';
import { renditionKey } from './render.ts';

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
  const presets = presetsFor(recording, recipe.clips?.presets ?? []);
  const clips: Span[][] = [];
  for (const span of spans) clips.push(await cutsWithin(tx, laying, span));
  const expected: Expected[] = [];
  for (const cuts of clips)
    for (const preset of presets) expected.push({ stage: 'cut', ...(await made(tx, laying, { cuts, preset })) });
  const [preset] = presets;
  if (!preset || !recipe.clips?.reel || clips.length < 2) return expected;
  const cuts = withoutOverlap(clips.flat());
  return [...expected, { stage: 'reel', ...(await made(tx, laying, { cuts, preset })) }];
}

async function made(
  tx: Tx,
  { recording, transcriptId, recipe, ffmpeg }: Laying & { readonly ffmpeg: string },
  { cuts, preset }: { cuts: readonly Span[]; preset: RenditionPreset },
): Promise<Omit<Expected, 'stage'>> {
  const words = wordsInClip(await spokenWords(tx, transcriptId, columnsOf(cuts)), cuts);
  const order = { cuts, preset, captionStyle: captionStyleOf(recipe, preset), words, recording };
  const durationMs = cuts.reduce((sum, cut) => sum + cut.endMs - cut.startMs, 0);
  return { key: renditionKey(order, ffmpeg), durationMs };
}
