import type { Span } from '#base/time.ts';
import { automaticPlan } from '#media/automatic-plan.ts';
import { type CropPlan, cropPlan, type Shape, type Size } from '#media/crop-plan.ts';
import type { FoundRegion } from '#media/layout.ts';

/** A stored plan of one shape of a clip. */
export interface PlanRow {
  readonly shape: Shape;
  readonly plan: unknown;
}

/** What decides the plans of a clip. */
export interface Planning {
  readonly cuts: readonly Span[];
  /** Rows of the clip: what a person chose, or a detector found. Where there is none, the plan follows from the layout. */
  readonly rows: readonly PlanRow[];
  readonly recording: {
    readonly layout: readonly FoundRegion[];
    readonly changes: readonly Span[];
    readonly facts: { readonly video: Size | null };
  };
}

/** The plan of one shape of a clip; the whole picture for a recording that has none. */
export function cropPlanFor({ cuts, rows, recording }: Planning, shape: Shape): CropPlan {
  const row = rows.find((candidate) => candidate.shape === shape);
  if (row) return cropPlan.parse(row.plan);
  const { layout, changes, facts } = recording;
  return facts.video ? automaticPlan({ shape, cuts, layout, changes, picture: facts.video }) : { kind: 'FIT' };
}
