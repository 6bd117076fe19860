import { z } from 'zod';
import { Problem, type ProblemCode, problems } from '#base/problem.ts';
import { keysOf, recordOf } from '#base/record.ts';
import { UsageKind } from '#generated/prisma/enums.ts';
import { type Failure, failureOf } from '#pipeline/failure.ts';
import { stageEnum } from '#pipeline/stages.ts';
import { builder } from './builder.ts';
import { StageEnum } from './stage-enum.ts';
import { type MeterShape, UsageMeter } from './usage-meter.ts';

const callerCodes = keysOf(problems).filter((code) => problems[code].audience === 'caller');

/** Stable reasons to branch on: the caller's part of the table of problems. */
const ApiErrorCode = builder.enumType('ApiErrorCode', {
  description: 'Stable reasons to branch on.',
  values: recordOf(callerCodes, (code) => ({ description: aboutCode(code) })),
});

function aboutCode(code: ProblemCode): string {
  const sentence = problems[code].say({});
  return problems[code].retry === 'transient' ? `${sentence} A passing fault: it may go well later.` : sentence;
}

/** A problem as the caller gets it. */
export interface ApiErrorShape {
  readonly code: ProblemCode;
  readonly message: string;
  readonly path: readonly string[] | null;
  /** Of a refusal by the plan. */
  readonly quota?: Quota;
  /** Of a change that was based on an older state. */
  readonly stale?: StaleRevision;
  /** Of something asked for too often. */
  readonly rate?: ExceededRate;
}

interface ExceededRate {
  readonly limit: number;
  readonly retryAfterMs: number;
}

interface StaleRevision {
  readonly expectedRevision: number;
  readonly currentRevision: number;
}

interface Quota {
  readonly meter: MeterShape;
  readonly resetsAt: Date | null;
}

export const ApiError = builder.interfaceRef<ApiErrorShape>('ApiError').implement({
  description: 'A problem the caller can act on. New implementations may appear: always select `code` and `message`.',
  resolveType: ({ quota, stale, rate }) =>
    quota ? 'QuotaError' : stale ? 'StaleRevisionError' : rate ? 'RateLimitError' : 'GeneralError',
  fields: (t) => ({
    code: t.expose('code', { type: ApiErrorCode, description: 'What to branch on.' }),
    message: t.exposeString('message', { description: 'Human text, safe to show; not for branching.' }),
    path: t.stringList({
      nullable: true,
      description: 'Path into the input, e.g. [`input`, `edits`, `0`, `text`].',
      resolve: ({ path }) => (path ? [...path] : null),
    }),
  }),
});

builder.objectRef<ApiErrorShape>('GeneralError').implement({
  description: 'The default shape when no extra data is needed.',
  interfaces: [ApiError],
});

/** Facts of QUOTA_EXCEEDED, in the meter's unit. */
const quotaFacts = z.object({
  kind: z.enum(UsageKind),
  used: z.number(),
  reserved: z.number(),
  limit: z.number(),
  resetsAt: z.iso.datetime().nullable(),
});

builder.objectRef<ApiErrorShape & { quota: Quota }>('QuotaError').implement({
  description: 'The plan does not allow it now.',
  interfaces: [ApiError],
  fields: (t) => ({
    meter: t.field({ type: UsageMeter, description: 'What ran out.', resolve: ({ quota }) => quota.meter }),
    resetsAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the plan allows more; null where only removing something helps.',
      resolve: ({ quota }) => quota.resetsAt,
    }),
  }),
});

/** Facts of STALE_REVISION. */
const staleFacts = z.object({ expectedRevision: z.int(), currentRevision: z.int() });

builder.objectRef<ApiErrorShape & { stale: StaleRevision }>('StaleRevisionError').implement({
  description: 'Somebody else changed the object first.',
  interfaces: [ApiError],
  fields: (t) => ({
    expectedRevision: t.int({
      description: 'The revision that the change was based on.',
      resolve: ({ stale }) => stale.expectedRevision,
    }),
    currentRevision: t.int({
      description: 'The revision that it has now.',
      resolve: ({ stale }) => stale.currentRevision,
    }),
  }),
});

/** Facts of RATE_LIMITED. */
const rateFacts = z.object({ limit: z.int(), retryAfterMs: z.number().transform(Math.ceil) });

builder.objectRef<ApiErrorShape & { rate: ExceededRate }>('RateLimitError').implement({
  description: 'The caller did this too often; after a while it may be done again.',
  interfaces: [ApiError],
  fields: (t) => ({
    retryAfterMs: t.field({
      type: 'Milliseconds',
      description: 'How long to wait.',
      resolve: ({ rate }) => rate.retryAfterMs,
    }),
    limit: t.int({ description: 'How often it may be done in a minute.', resolve: ({ rate }) => rate.limit }),
  }),
});

/** Why a run, a stage, a rendition or an upload failed. */
export const FailureType = builder.objectRef<Failure>('Failure').implement({
  description: 'Why a run, stage, rendition or upload failed.',
  fields: (t) => ({
    code: t.field({ type: ApiErrorCode, description: 'What to branch on.', resolve: ({ code }) => code }),
    message: t.exposeString('message', { description: 'Human text, safe to show.' }),
    stage: t.field({
      type: StageEnum,
      nullable: true,
      description: 'The stage it happened in.',
      resolve: ({ stage }) => stage && stageEnum(stage),
    }),
    retryable: t.exposeBoolean('retryable', { description: 'Whether the same work may succeed later.' }),
    correlationId: t.exposeString('correlationId', { description: 'Finds the log lines of it.' }),
    occurredAt: t.field({ type: 'DateTime', description: 'When.', resolve: ({ occurredAt }) => new Date(occurredAt) }),
  }),
});

/** A stored failure column as the graph shows it. */
export const shownFailure = (column: unknown): Failure | null => failureOf(column);

/** Problems the caller can act on; anything else is thrown on, to be masked and logged. */
export function apiErrorsFrom(thrown: unknown): ApiErrorShape[] {
  if (thrown instanceof z.ZodError) return thrown.issues.map(fromIssue);
  if (thrown instanceof Problem && thrown.code !== 'INTERNAL' && problems[thrown.code].audience === 'caller') {
    return [fromProblem(thrown)];
  }
  throw thrown;
}

function fromProblem({ code, message, facts }: Problem): ApiErrorShape {
  const shape = { code, message, path: Array.isArray(facts.path) ? facts.path.map(String) : null };
  if (code === 'STALE_REVISION') return { ...shape, stale: staleFacts.parse(facts) };
  if (code === 'RATE_LIMITED') return { ...shape, rate: rateFacts.parse(facts) };
  const refused = quotaFacts.safeParse(facts);
  if (code !== 'QUOTA_EXCEEDED' || !refused.success) return shape;
  const { resetsAt, ...meter } = refused.data;
  return { ...shape, quota: { meter, resetsAt: resetsAt === null ? null : new Date(resetsAt) } };
}

const problemCode = z.enum(keysOf(problems));

function fromIssue(issue: z.core.$ZodIssue): ApiErrorShape {
  const given = issue.code === 'custom' ? problemCode.safeParse(issue.params?.code).data : undefined;
  return { code: given ?? 'INVALID_INPUT', message: issue.message, path: ['input', ...issue.path.map(String)] };
}
