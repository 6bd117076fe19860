import { keysOf } from '#base/record.ts';

/** How long one class of things is kept, from when on, and what goes then. */
interface Kept {
  readonly what: string;
  /** `plan`: as many days as the workspace's plan says. null: no hours of its own, `since` says how long. */
  readonly hours: number | 'plan' | null;
  readonly since: string;
  readonly goes: string;
}

const day = 24;

/**
 * THE table of retention: docs/retention.md is printed from it and the sweep works through it. A class without hours
 * stays, except answers of models: each of their rows carries its own end.
 */
export const kept = {
  unfinishedUploads: {
    what: 'Uploads whose bytes were never finalized',
    hours: day,
    since: 'they were announced, or their target was renewed',
    goes: 'all bytes that came, whole or in part; the upload becomes EXPIRED',
  },
  intermediates: {
    what: 'Files that only later stages read',
    hours: 2 * day,
    since: 'they were made',
    goes: 'the bytes; whoever needs them makes them again',
  },
  finals: {
    what: 'Renditions, posters, caption files, storyboards, waveforms',
    hours: 'plan',
    since: 'the last run over their recording, or over one that uses them, ended',
    goes: 'the bytes; the row stays and `link` is null',
  },
  sources: {
    what: 'Recordings',
    hours: 'plan',
    since: 'the last run over them ended',
    goes: 'the bytes; the upload becomes EXPIRED, its texts stay',
  },
  runEvents: {
    what: 'The event log of a run',
    hours: 7 * day,
    since: 'the run ended',
    goes: 'the rows; who asks for them gets a snapshot',
  },
  activities: {
    what: 'Activity of a workspace',
    hours: 2 * day,
    since: 'it happened',
    goes: 'the rows; subscriptions resume within 24 hours',
  },
  idempotencyKeys: {
    what: 'Idempotency keys',
    hours: day,
    since: 'their first use',
    goes: 'the rows; the key starts something new',
  },
  modelCalls: {
    what: 'Remembered answers of models',
    hours: null,
    since: 'for MODEL_CALL_TTL_DAYS after they were given',
    goes: 'the rows, also the oldest of a workspace that has too many',
  },
  webhookDeliveries: {
    what: 'The delivery log of webhooks',
    hours: 30 * day,
    since: 'the message was written',
    goes: 'the rows',
  },
  dataExports: {
    what: "Exports of a person's data",
    hours: day,
    since: 'the file was ready',
    goes: 'row and bytes',
  },
  rateUses: {
    what: 'What callers used of their rates, by user or address',
    hours: 1,
    since: 'their minute ended',
    goes: 'the rows',
  },
  invitations: {
    what: 'Addresses of people who were added and have not signed in since',
    hours: null,
    since: 'for 30 days after they were last added',
    goes: 'the rows; the address is no longer known',
  },
  apiKeys: {
    what: 'API keys that ended',
    hours: 30 * day,
    since: 'they ran out or were revoked',
    goes: 'the rows; until then they are listed',
  },
  identityMessages: {
    what: 'What the identity provider told, by the ids of its messages, and what it said has ended, by hashes',
    hours: 30 * day,
    since: 'it was told',
    goes: 'the rows; a message is not sent again after so long',
  },
  orphans: {
    what: 'Stored objects that no row names: of rejected and expired uploads, of attempts that never committed, of a killed sweep',
    hours: day,
    since: 'their bytes were written (ORPHAN_GRACE_HOURS)',
    goes: 'the bytes',
  },
  erasureReceipts: {
    what: 'Receipts of what was erased',
    hours: null,
    since: 'for good, also after their workspace is gone',
    goes: 'nothing: they name no person and nothing that was said',
  },
  usage: {
    what: 'The ledger of usage',
    hours: null,
    since: 'as long as the workspace',
    goes: 'the rows, with the workspace',
  },
} as const satisfies Record<string, Kept>;

export type KeptClass = keyof typeof kept;

/** Names of all classes, in the order of the table. */
export const keptClasses = keysOf(kept);

/** When something of a class must have begun to be kept to be due now. */
export function dueBefore(name: KeptClass, now: Date): Date {
  const { hours } = kept[name];
  if (typeof hours !== 'number') throw new TypeError(`${name} has no hours of its own`);
  return hoursBefore(now, hours);
}

/** An instant some hours ago. */
export const hoursBefore = (now: Date, hours: number): Date => new Date(now.getTime() - hours * 60 * 60 * 1000);
