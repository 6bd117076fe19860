import { digestOf } from '#base/digest.ts';
import { throughOutage } from '#base/outage.ts';
import { Problem } from '#base/problem.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { Asked, Consumed, ModelCall, ModelCalls } from '#providers/model-calls.ts';
import { countUnkept } from '#usage/ledger.ts';
import { costMicrosOf } from '#usage/prices.ts';
import { forgetCalls } from './forget-calls.ts';
import type { Lease } from './lease.ts';
import type { Worker } from './worker.ts';

/** The model calls of one attempt at a stage. */
export interface AttemptCalls extends ModelCalls {
  /** The calls whose answers the attempt works with, asked now or before: what its commit may charge. */
  used(): readonly { readonly id: string }[];
}

/** What remembering needs of a worker. */
type Rememberer = Pick<Worker, 'database' | 'env' | 'log'>;

/** An answer in hand, and the row that keeps it. */
interface Answered<T> {
  readonly id: string;
  readonly answer: T;
}

/**
 * Questions to models, answered from the workspace's `model_calls` where they were answered before. A new answer is
 * written as soon as it is there, not with the stage's commit: a retry asks only what is missing. It is written only
 * while the attempt holds its lease; an attempt that has lost it gets CANCELED instead of spending more, and what the
 * answer took still counts against the plan. Two runs that ask the same at once may both ask; one row stays, and both
 * go on with its answer.
 */
export function openModelCalls(worker: Rememberer, lease: Lease): AttemptCalls {
  const used = new Set<string>();
  return {
    async answer(call, ask) {
      const key = callKey(call, lease.run.recipe.fresh);
      const { id, answer } =
        (await remembered(worker, lease, { call, key })) ?? (await askNow(worker, lease, { call, key, ask }));
      used.add(id);
      return answer;
    },
    used: () => [...used].map((id) => ({ id })),
  };
}

/** A run that was to ask again finds what it and its retries were answered, and nothing else. */
const callKey = ({ model, version, input }: ModelCall<unknown>, fresh: string | null): string =>
  digestOf({ model, version, input, fresh });

/** What is too old, or cannot be read by the code of today, is forgotten and asked again. */
async function remembered<T>(
  { database, log }: Rememberer,
  { run }: Lease,
  { call, key }: { call: ModelCall<T>; key: string },
): Promise<Answered<T> | null> {
  const { prisma } = database;
  const row = await prisma.modelCall.findUnique({
    where: { workspaceId_callKey: { workspaceId: run.workspaceId, callKey: key } },
    select: { id: true, answer: true, expiresAt: true },
  });
  if (!row) return null;
  const answer = row.expiresAt > new Date() ? readOrNull(call, row.answer) : null;
  if (answer) return { id: row.id, answer: answer.read };
  log.info({ purpose: call.purpose, modelCallId: row.id }, 'a remembered answer is of no use and is asked again');
  await forgetCalls(prisma, Prisma.sql`c.id = ${row.id}::uuid`);
  return null;
}

function readOrNull<T>(call: ModelCall<T>, stored: unknown): { read: T } | null {
  try {
    return { read: call.read(stored) };
  } catch {
    return null;
  }
}

/** The answer is paid for: a database that starts anew is waited for, within the 10 s that a stopping worker has. */
const patienceMs = 8_000;

async function askNow<T>(
  worker: Rememberer,
  lease: Lease,
  { call, key, ask }: { call: ModelCall<T>; key: string; ask: () => Promise<Asked> },
): Promise<Answered<T>> {
  const askedAt = performance.now();
  const asked = await ask();
  const latencyMs = Math.round(performance.now() - askedAt);
  const text = storable(asked.answer);
  const made = { call, key, text, consumed: asked.consumed, latencyMs };
  const id = await written(() => insert(worker, lease, made));
  // Read from what was written, so that the first attempt and its retries work with the very same answer.
  if (id !== null) return { id, answer: call.read(JSON.parse(text)) };
  const twin = await remembered(worker, lease, { call, key });
  if (twin) return twin;
  const { workspaceId } = lease.run;
  const unkept = { workspaceId, key: `${lease.token}:${key}`, consumed: asked.consumed };
  await written(() => countUnkept(worker.database.prisma, unkept));
  throw new Problem('CANCELED', { why: 'the lease was lost during a model call' });
}

const written = <T>(write: () => Promise<T>): Promise<T> => throughOutage(() => patienceMs, write);

/** JSON without what PostgreSQL refuses in it: NUL, and halves of characters. */
const storable = (answer: unknown): string =>
  JSON.stringify(answer, (_name, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '') : value,
  );

interface NewCall {
  readonly call: ModelCall<unknown>;
  readonly key: string;
  readonly text: string;
  readonly consumed: Consumed;
  readonly latencyMs: number;
}

/** Null when somebody else has written this answer meanwhile, or the lease is gone. */
async function insert({ database, env }: Rememberer, lease: Lease, made: NewCall): Promise<string | null> {
  const { workspaceId, uploadId } = lease.run;
  const { call, text, consumed } = made;
  const cost = costMicrosOf(consumed, { model: call.model, at: new Date() });
  const rows = await database.prisma.$queryRaw<{ id: string }[]>`
    insert into model_calls (workspace_id, upload_id, stage_run_id, call_key, model, purpose, answer, answer_bytes,
      consumed, cost_micros, latency_ms, expires_at)
    select ${workspaceId}::uuid, ${uploadId}::uuid, id, ${made.key}, ${call.model}, ${call.purpose}, ${text}::jsonb,
      ${Buffer.byteLength(text)}::int, ${JSON.stringify(consumed)}::jsonb, ${cost}::bigint,
      ${made.latencyMs}::int, now() + make_interval(days => ${env.MODEL_CALL_TTL_DAYS}::int)
    from stage_runs
    where id = ${lease.id}::uuid and attempt_token = ${lease.token}::uuid and status = 'RUNNING'
    on conflict (workspace_id, call_key) do nothing
    returning id::text`;
  return rows[0]?.id ?? null;
}
