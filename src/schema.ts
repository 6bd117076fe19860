import '#graph/scalars.ts';
import '#domain/workspaces/graph.ts';
import '#domain/workspaces/viewer.ts';
import '#domain/workspaces/activity.ts';
import '#domain/uploads/graph.ts';
import '#domain/runs/graph.ts';
import '#domain/runs/stage-run.ts';
import '#domain/runs/mutations.ts';
import '#domain/runs/events.ts';
import '#domain/runs/event-log.ts';
import '#domain/transcripts/graph.ts';
import '#domain/chapters/graph.ts';
import '#domain/highlights/graph.ts';
import '#domain/highlights/moments-graph.ts';
import '#domain/clips/graph.ts';
import '#domain/contents/graph.ts';
import '#domain/usage/graph.ts';
import '#domain/usage/costs.ts';
import '#domain/webhooks/graph.ts';
import '#domain/webhooks/mutations.ts';
import '#domain/erasure/graph.ts';
import '#domain/exports/graph.ts';
import '#domain/plans/graph.ts';
import { builder } from '#graph/builder.ts';

/** The whole graph: every room has added its part. */
export const schema = builder.toSchema();
