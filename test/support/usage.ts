import type { Database } from '#base/database.ts';
import type { UsageUnit } from '#generated/prisma/enums.ts';

/** Writes use into the ledger as if work had been charged, now or at another time. */
export async function writeUse(
  { prisma }: Database,
  workspaceId: string,
  { unit, quantity, at }: { unit: UsageUnit; quantity: number; at?: Date },
): Promise<void> {
  const price = { priceMicrosPerMillion: 0, pricedOn: new Date('2026-11-01'), costMicros: 0 };
  const entry = { workspaceId, unit, quantity, dedupeKey: crypto.randomUUID(), ...(at && { createdAt: at }) };
  await prisma.usageEntry.create({ data: { ...entry, ...price } });
}
