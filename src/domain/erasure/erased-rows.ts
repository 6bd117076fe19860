import type { Tx } from '#base/database.ts';
import type { ErasedKind } from '#generated/prisma/enums.ts';

/** What a receipt says before any bytes are gone. */
interface NewReceipt {
  readonly id: string;
  readonly kind: ErasedKind;
  readonly subjectId: string;
  /** Null where the workspace goes, too. */
  readonly workspaceId: string | null;
  readonly prefix: string;
}

/**
 * Erases rows and writes the receipt of how many they were. PostgreSQL itself counts, so that no table is forgotten
 * that goes by a foreign key: of its counters the difference, since they may still hold an earlier transaction.
 */
export async function withReceipt(tx: Tx, receipt: NewReceipt, erase: () => Promise<void>): Promise<void> {
  const before = await deletedRows(tx);
  await erase();
  const rows = (await deletedRows(tx)) - before;
  await tx.erasureReceipt.create({ data: { ...receipt, rows }, select: { id: true } });
}

async function deletedRows(tx: Tx): Promise<number> {
  const [row] = await tx.$queryRaw<{ rows: number }[]>`
    select coalesce(sum(n_tup_del), 0)::int as rows from pg_stat_xact_user_tables where schemaname = 'public'`;
  return row?.rows ?? 0;
}

/** Whether an erasure was done already, by an attempt whose answer was lost on the way. */
export const isErased = async (tx: Tx, receiptId: string): Promise<boolean> =>
  (await tx.erasureReceipt.count({ where: { id: receiptId } })) > 0;
