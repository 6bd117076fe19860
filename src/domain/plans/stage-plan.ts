import { estimateOf, type Length, renderEstimateOf, type StageEstimate } from '#pipeline/estimates.ts';
import { plannedStages, type Recipe } from '#pipeline/recipe.ts';
import type { StageName } from '#pipeline/stages.ts';
import type { PaidModels } from '#usage/paid-models.ts';

/** How much of one stage is there already. */
export interface Found {
  /** Pieces of work: renditions, posts, or the one of a stage that does not repeat. */
  readonly count: number;
  readonly reused: number;
  /** How long what must be encoded plays; absent where that is not known yet. */
  readonly encodeMs?: number;
  /** Nothing has to be asked of a model: what is not there yet is made of what is. */
  readonly free?: true;
}

/** One stage of a run that was not started. */
export interface StagePlan extends Pick<Found, 'count' | 'reused'> {
  readonly stage: StageName;
  readonly estimate: Pick<StageEstimate, 'seconds' | 'costMicros'> | null;
}

/** What of an upload decides how long it takes; null while its length is not known. */
interface Asked {
  readonly recipe: Recipe;
  readonly length: Length | null;
  readonly models: PaidModels;
}

/** What each stage of a recipe will take, of which so much is there. Pure. */
export function stagePlans({ recipe, length, models }: Asked, found: ReadonlyMap<StageName, Found>): StagePlan[] {
  const whole = new Map(length ? estimateOf(recipe, length, models).map((one) => [one.stage, one]) : []);
  return plannedStages(recipe).map((stage) => {
    const there = found.get(stage) ?? unknown(recipe, stage, length);
    const estimate = whole.get(stage);
    const { count, reused } = there;
    return { stage, count, reused, estimate: estimate && length ? restOf(estimate, there, length) : null };
  });
}

const nothing = { seconds: 0, costMicros: 0 };

function restOf(whole: StageEstimate, there: Found, length: Length): StagePlan['estimate'] {
  const { count, reused, encodeMs, free } = there;
  if (reused >= count) return nothing;
  if (free) return { seconds: 1, costMicros: 0 };
  if (encodeMs !== undefined) return renderEstimateOf(length, encodeMs);
  const rest = (count - reused) / count;
  return { seconds: Math.ceil(whole.seconds * rest), costMicros: Math.ceil(whole.costMicros * rest) };
}

/** Before the highlights are chosen: at most so many. */
function unknown({ highlights, clips, contents }: Recipe, stage: StageName, length: Length | null): Found {
  const shapes = length && !length.picture ? 1 : (clips?.presets.length ?? 0);
  if (stage === 'cut') return { count: (highlights?.count ?? 0) * shapes, reused: 0 };
  return { count: stage === 'write' ? contents.length : 1, reused: 0 };
}
