import { createHash } from 'node:crypto';
import type { Tx } from '#base/database.ts';
import { line } from '#base/line.ts';
import { Problem } from '#base/problem.ts';

/** What a caller names a request by, to send it again. */
export const idempotencyKey = line(64);

/** A mutation that may be sent again with the same key. */
export interface KeyedRequest {
  /** Where the key counts; the person, for what belongs to no workspace yet. */
  readonly workspaceId: string;
  readonly key: string;
  readonly operation: string;
  readonly input: unknown;
}

/**
 * Reserves the answer's id for an idempotency key, in the transaction of the work it starts. The first caller makes
 * the object under `answerId`; a repeated one (`replayed`) finds it there. A concurrent twin waits on the unique row
 * until the first has committed. The same key with another input is IDEMPOTENCY_KEY_REUSED.
 */
export async function once(tx: Tx, request: KeyedRequest): Promise<{ answerId: string; replayed: boolean }> {
  const { workspaceId, key, operation } = request;
  const inputHash = createHash('sha256').update(JSON.stringify(request.input)).digest('hex');
  const fresh = await tx.$queryRaw<{ answerId: string }[]>`
    insert into idempotency_keys (workspace_id, key, operation, input_hash, answer_id)
    values (${workspaceId}::uuid, ${key}, ${operation}, ${inputHash}, uuidv7())
    on conflict do nothing
    returning answer_id::text as "answerId"`;
  if (fresh[0]) return { answerId: fresh[0].answerId, replayed: false };
  const known = await tx.idempotencyKey.findUniqueOrThrow({ where: { workspaceId_key: { workspaceId, key } } });
  if (known.operation !== operation || known.inputHash !== inputHash) {
    throw new Problem('IDEMPOTENCY_KEY_REUSED', { path: ['input', 'idempotencyKey'] });
  }
  return { answerId: known.answerId, replayed: true };
}

/** The same where a key may be left out: without one each request is a new one, and its answer gets an id of its own. */
export const onceIfKeyed = async (
  tx: Tx,
  { key, ...request }: Unkeyed,
): Promise<{ answerId: string | null; replayed: boolean }> =>
  key ? once(tx, { ...request, key }) : { answerId: null, replayed: false };

type Unkeyed = Omit<KeyedRequest, 'key'> & { readonly key: string | null | undefined };

/** Answers a key, where there is one, with something that has another id, in the transaction that reserved it. */
export async function answerWith(tx: Tx, { workspaceId, key }: Unkeyed, answerId: string): Promise<void> {
  if (!key) return;
  const where = { workspaceId_key: { workspaceId, key } };
  await tx.idempotencyKey.update({ where, data: { answerId }, select: { key: true } });
}
