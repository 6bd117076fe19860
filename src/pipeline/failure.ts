import { z } from 'zod';
import { Problem, problems } from '#base/problem.ts';
import { keysOf } from '#base/record.ts';
import { type StageName, stageNames } from './stages.ts';

/** Why a run, a stage or an upload failed, as stored on its row and sent in its events. */
export const failure = z.object({
  code: z.enum(keysOf(problems)),
  message: z.string(),
  stage: z.enum(stageNames).nullable(),
  retryable: z.boolean(),
  correlationId: z.string(),
  occurredAt: z.string(),
});

export type Failure = z.output<typeof failure>;

/** A Problem as the caller may see it: an operator's code becomes INTERNAL. */
export function failureFrom(problem: Problem, where: { stage: StageName | null; correlationId: string }): Failure {
  const shown = problems[problem.code].audience === 'caller' ? problem : new Problem('INTERNAL');
  return {
    code: shown.code,
    message: shown.message,
    stage: where.stage,
    retryable: problem.transient,
    correlationId: where.correlationId,
    occurredAt: new Date().toISOString(),
  };
}

/** A stored failure column, read back; null where nothing failed. */
export const failureOf = (column: unknown): Failure | null =>
  column === null || column === undefined ? null : failure.parse(column);
