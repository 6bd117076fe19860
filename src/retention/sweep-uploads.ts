import { dueBefore } from './kept.ts';
import { batchSize, inBatches, type Sweeping } from './sweeping.ts';

/**
 * Gives up uploads whose bytes were never finalized. The state goes first, so that finalizing is refused from then on;
 * what a killed sweep leaves in storage is named by no row and goes as an orphan.
 */
export function sweepUnfinishedUploads(sweeping: Sweeping): Promise<number> {
  const { database, storage, now } = sweeping;
  const before = dueBefore('unfinishedUploads', now);
  return inBatches(sweeping, async () => {
    const expired = await database.prisma.$queryRaw<{ key: string }[]>`
      update uploads set status = 'EXPIRED', updated_at = ${now} where id in (
        select id from uploads where status = 'AWAITING_BYTES' and updated_at < ${before}
        limit ${batchSize} for update skip locked)
      returning storage_key as key`;
    await storage.remove(
      'uploads',
      expired.map(({ key }) => key),
    );
    return expired.length;
  });
}
