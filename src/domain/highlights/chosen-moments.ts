import { sourceMs, type Word } from '#base/time.ts';
import { chooseMoments, type Moment } from '#domain/moments/moments.ts';
import type { SpokenText } from '#domain/transcripts/spoken-lines.ts';
import type { Recording } from '#domain/uploads/recording.ts';
import type { Recipe } from '#pipeline/recipe.ts';
import type { ProposedMoment } from '#providers/language-model.ts';
import { type SnappedSpan, snap } from './boundaries.ts';

/** Everything that the choice of highlights depends on. */
interface Choice {
  readonly recording: Recording;
  readonly spoken: SpokenText;
  /** All that is said, in order. */
  readonly words: readonly Word[];
  readonly wanted: NonNullable<Recipe['highlights']>;
  /** Of a model; null where the signals decide alone. */
  readonly proposals: readonly ProposedMoment[] | null;
}

const defaultFrameRate = 25;

/** The highlights that a recipe chooses, with the bounds they are cut at. Pure: the same choice is the same highlights. */
export function chosenMoments(choice: Choice): { moment: Moment; bounds: SnappedSpan }[] {
  const { recording, spoken, words, wanted, proposals } = choice;
  const { silences, facts } = recording;
  const around = {
    words,
    sentences: spoken.lines,
    silences,
    durationMs: sourceMs(facts.durationMs),
    frameRate: facts.video?.frameRate ?? defaultFrameRate,
  };
  const { language } = spoken;
  return chooseMoments(spoken.lines, { ...wanted, silences, language, proposals }).map((moment) => ({
    moment,
    bounds: snap(moment, around),
  }));
}
