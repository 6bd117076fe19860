import { type Span, sourceMs, type Word } from '#base/time.ts';
import { type Moment, weighMoments } from '#domain/moments/moments.ts';
import type { LoudnessCurve } from '#domain/moments/signals.ts';
import type { SpokenText } from '#domain/transcripts/spoken-lines.ts';
import type { Recording } from '#domain/uploads/recording.ts';
import { gridRate } from '#media/frame-rate.ts';
import type { Recipe } from '#pipeline/recipe.ts';
import type { ProposedMoment } from '#providers/language-model.ts';
import { type SnappedSpan, type Surroundings, snap, soundFrameRate } from './boundaries.ts';
import type { DecidedHighlight } from './decided-highlights.ts';

/** Everything that the choice of highlights depends on. */
interface Choice {
  readonly recording: Recording;
  readonly spoken: SpokenText;
  /** All that is said, in order. */
  readonly words: readonly Word[];
  readonly wanted: NonNullable<Recipe['highlights']>;
  /** Of a model; null where the signals decide alone. */
  readonly proposals: readonly ProposedMoment[] | null;
  readonly decided: readonly DecidedHighlight[];
  /** Null where nothing was heard of the recording. */
  readonly loudness: LoudnessCurve | null;
}

/** A moment with the bounds that it is cut at. */
export interface BoundMoment {
  readonly moment: Moment;
  readonly bounds: SnappedSpan;
}

/** What was weighed for a recipe, best first; pure: the same choice gives the same moments. */
export function weighedMoments({ recording, spoken, words, wanted, proposals, ...heard }: Choice): BoundMoment[] {
  const around = surroundings(recording, spoken, words);
  const { language } = spoken;
  const { silences } = recording;
  const { decided } = heard;
  const loudness = heard.loudness ?? undefined;
  const moments = weighMoments(spoken.lines, { ...wanted, silences, language, proposals, decided, loudness });
  return moments.map((moment) => ({ moment, bounds: snap(moment, around) }));
}

/** The spans that a recipe's highlights will have: those of chosen moments and those that a person kept. */
export const chosenSpans = (weighed: readonly BoundMoment[], decided: readonly DecidedHighlight[]): Span[] => [
  ...weighed.flatMap(({ moment, bounds }) => (moment.rejection === null ? [bounds] : [])),
  ...decided.filter(({ kept }) => kept),
];

/** What bounds depend on. */
const surroundings = ({ facts, silences }: Recording, spoken: SpokenText, words: readonly Word[]): Surroundings => ({
  words,
  sentences: spoken.lines,
  silences,
  durationMs: sourceMs(facts.durationMs),
  frameRate: facts.video ? gridRate(facts.video) : soundFrameRate,
});
