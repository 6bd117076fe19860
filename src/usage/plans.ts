import type { Env } from '#base/env.ts';
import { keysOf, recordOf } from '#base/record.ts';
import type { UsageKind } from '#generated/prisma/enums.ts';
import { meters } from './meters.ts';

export type PlanName = Env['DEFAULT_PLAN'];

/** What a workspace may use. */
export interface Plan {
  readonly name: PlanName;
  /** Most of each kind, a month or at a time, in the meter's wholes; null where there is no limit. */
  readonly limits: Readonly<Record<UsageKind, number | null>>;
  /** How long finished files are kept, in days; null for as long as the upload. */
  readonly keepFinalsDays: number | null;
}

/** A row of the table: limits as they are shown. */
type Row = Readonly<Record<UsageKind, number | null>> & { readonly keepFinalsDays: number | null };

const gigabyte = 1_000_000_000;

/** The plans (November 2026). */
const table = {
  unlimited: {
    UPLOADS: null,
    MEDIA_MINUTES: null,
    RENDERED_MINUTES: null,
    STORED_BYTES: null,
    MODEL_TOKENS: null,
    keepFinalsDays: null,
  },
  free: {
    UPLOADS: 5,
    MEDIA_MINUTES: 120,
    RENDERED_MINUTES: 60,
    STORED_BYTES: 5 * gigabyte,
    MODEL_TOKENS: 500_000,
    keepFinalsDays: 30,
  },
  creator: {
    UPLOADS: 60,
    MEDIA_MINUTES: 1_500,
    RENDERED_MINUTES: 900,
    STORED_BYTES: 100 * gigabyte,
    MODEL_TOKENS: 10_000_000,
    keepFinalsDays: 365,
  },
  studio: {
    UPLOADS: null,
    MEDIA_MINUTES: 12_000,
    RENDERED_MINUTES: 9_000,
    STORED_BYTES: 2_000 * gigabyte,
    MODEL_TOKENS: 100_000_000,
    keepFinalsDays: null,
  },
} as const satisfies Record<PlanName, Row>;

/** Names of all plans. */
export const planNames = keysOf(table);

/** The kinds of use that are metered. */
export const usageKinds = keysOf(meters);

/** The plan that a workspace's row names. Rows are only written by us, so another name is a fault of ours. */
export function planNamed(name: string): Plan {
  const known = planNames.find((candidate) => candidate === name);
  if (!known) throw new TypeError(`no plan is named ${name}`);
  const row: Row = table[known];
  const limits = recordOf(usageKinds, (kind) => {
    const limit = row[kind];
    return limit === null ? null : limit * meters[kind].perShown;
  });
  return { name: known, limits, keepFinalsDays: row.keepFinalsDays };
}

/** Plans under which something can be refused. */
export const limitedPlans: readonly string[] = planNames.filter((name) =>
  Object.values(planNamed(name).limits).some((limit) => limit !== null),
);
